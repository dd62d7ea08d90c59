import type { DatabaseError } from '../shadow/observation';
import type { Check, StatementContext } from './check';
import { headOf } from './support/evidence';
import { failureFinding, failureFor, wordsOf } from './support/failure-causes';
import { restsOnGuess } from './support/guessed';
import { meansMissingHistory } from './support/missing-history';

export const check: Check = {
  id: 'statement-fails',
  hazards: [],
  group: 'execution',
  severity: 'error',
  summary: 'PostgreSQL refuses the statement when the migrations before it have run, for a reason that no other check explains.',
  *statement(context) {
    const { inside, observation, statement } = context;
    if (observation?.error?.gaveUp === 'lacked' && !inside) {
      yield { range: headOf(statement), severity: 'info', verified: false, message: lackOf(observation.error) };
      return;
    }
    if (isUnknown(context)) {
      yield {
        range: headOf(statement),
        severity: 'info',
        verified: false,
        message: notVerified(observation?.error, context.project.completeHistory),
      };
      return;
    }
    if (observation?.settings && !inside) {
      yield { range: headOf(statement), severity: 'info', verified: false, message: settingsMessage(observation.settings) };
    }
    const error = failureFor(context, 'statement-fails');
    if (error) yield failureFinding(context, error, wordsOf(error));
  },
};

/** True where PostgreSQL refuses the statement perhaps only because of what was guessed. */
function isUnknown(context: StatementContext): boolean {
  const { inside, observation, statement } = context;
  const error = observation?.error;
  if (!error || inside || error.gaveUp !== undefined || statement.error || statement.unterminated || statement.sent?.guessed) return false;
  return (context.project.completeHistory || !meansMissingHistory(error)) && restsOnGuess(context, error);
}

function notVerified(error: DatabaseError | undefined, completeHistory: boolean): string {
  const said = error ? `: ${wordsOf(error)}` : '';
  if (completeHistory)
    return `Not verified: another migrations directory creates what this statement uses, and PostgreSQL refuses it${said}. Declare a baseline to be sure.`;
  return `Not verified: nothing known creates what this statement uses, and PostgreSQL refuses it with a guess in its place${said}. Declare a baseline to be sure.`;
}

function settingsMessage(names: readonly string[]): string {
  const listed = names.join(', ');
  return names.length === 1
    ? `Not verified: no script sets ${listed}. The statement ran with a made-up value; the target server must set it.`
    : `Not verified: no script sets ${listed}. The statement ran with made-up values; the target server must set them.`;
}

function lackOf(error: DatabaseError): string {
  const extension = unavailableExtension(error);
  return extension === undefined
    ? `Not verified: the statement needs something that the embedded PostgreSQL lacks (${error.message}). The target server must have it.`
    : `Not verified: the embedded PostgreSQL does not have the extension ${extension}. Its types are replaced by stand-ins, and statements that use its functions are not run. The target server must have it.`;
}

/** The extension that the shadow lacks and a server may well have. */
function unavailableExtension({ sqlstate, message }: DatabaseError): string | undefined {
  return sqlstate === '0A000' ? /^extension "([^"]+)" is not available$/.exec(message)?.[1] : undefined;
}
