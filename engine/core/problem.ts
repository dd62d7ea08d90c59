/**
 * Something that went wrong and that a person must hear about. Results of the engine carry problems as values;
 * exceptions are for bugs.
 */
export interface Problem {
  /** Stable, kebab-case; documented in docs/errors.md. */
  readonly code: ProblemCode;
  /** What is wrong, naming what was expected. One or two sentences, ending with a full stop. */
  readonly message: string;
  /** What to do next, as an imperative sentence. */
  readonly remedy: string;
  readonly file?: string;
  /** 1-based, when `file` is text. */
  readonly line?: number;
  /** What another program said: a server's error, the operating system's. */
  readonly cause?: string;
}

/** Every code that a problem can have. One list, so that the error reference can be checked against it. */
export const problemCodes = [
  'file-not-found',
  'file-unreadable',
  'file-unwritable',
  'disk-full',
  'file-too-large',
  'file-not-text',
  'file-not-utf8',
  'manifest-not-found',
  'manifest-empty',
  'manifest-syntax',
  'manifest-invalid',
  'api-invalid',
  'api-tool-missing',
  'feed-unreachable',
  'feed-invalid',
  'configuration-invalid',
  'statistics-invalid',
  'since-unknown',
  'layout-unknown',
  'nothing-to-check',
  'usage',
  'environment-variable-missing',
  'target-unknown',
  'target-unreachable',
  'target-refused-login',
  'target-busy',
  'target-damaged',
  'target-newer',
  'target-not-managed',
  'right-denied',
  'journal-damaged',
  'journal-newer',
  'lock-held',
  'lock-lost',
  'release-unknown',
  'no-path',
  'path-blocked',
  'requirement-unmet',
  'plan-stale',
  'plan-invalid',
  'run-interrupted',
  'confirmation-needed',
  'migration-edited',
  'migration-not-next',
  'migration-missing',
  'step-failed',
  'step-unknown',
  'check-failed',
  'rollback-impossible',
  'backup-failed',
  'backup-not-found',
  'backup-of-other-database',
  'backup-damaged',
  'restore-failed',
  'verification-failed',
  'drift-found',
  'shadow-unavailable',
  'shadow-timeout',
  'cancelled',
  'internal',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** The result of an engine call that can fail: a value, or the problem that prevented it. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export function success<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function failure<T = never>(problem: Problem): Outcome<T> {
  return { ok: false, problem };
}

/** Carries a problem through code that cannot return it; caught at the engine's public calls, never by a host. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.message}`);
    this.name = 'ProblemError';
  }
}

/** Runs `work` and turns a thrown problem into a failed outcome. Other exceptions are bugs and pass through. */
export async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return success(await work());
  } catch (error) {
    if (error instanceof ProblemError) return failure(error.problem);
    throw error;
  }
}

/** @throws ProblemError for a failed outcome */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new ProblemError(outcome.problem);
}

/** For work between whose parts a caller may change its mind. @throws ProblemError `cancelled` once the signal is aborted */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new ProblemError({ code: 'cancelled', message: 'The operation was cancelled.', remedy: 'Run it again when you are ready.' });
}
