import { ProblemError } from '../../../core/problem';

export function timedOut(): ProblemError {
  return new ProblemError({
    code: 'shadow-timeout',
    message: 'Replaying the migrations takes too long for the embedded database.',
    remedy: 'Check fewer migrations together, or run check --no-database, which verifies nothing.',
  });
}

export function cancelled(): ProblemError {
  return new ProblemError({ code: 'cancelled', message: 'The replay of the migrations was cancelled.', remedy: 'Run the check again.' });
}

export function unavailable(cause: string): ProblemError {
  return new ProblemError({
    code: 'shadow-unavailable',
    message: 'The embedded database cannot be used.',
    remedy: 'Reload the window or run the command again. If the problem persists, report it with the cause.',
    cause,
  });
}
