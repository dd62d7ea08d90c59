import type { DatabaseError } from '../../../../databases/observation';
import { listed, listedBriefly } from '../../../../core/wording';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { headOf } from '../support/evidence';
import { failureFinding, failureFor, wordsOf } from '../support/failure-causes';
import { restsOnGuess } from '../support/guessed';
import { meansMissingHistory } from '../support/missing-history';

export const check: Check = {
  id: 'statement-fails',
  hazards: [],
  severity: 'error',
  summary: 'Fails in PostgreSQL after the migrations before it, for a reason that no other check explains.',
  *statement(context) {
    const { inside, observation, statement } = context;
    const note = { range: headOf(statement), severity: 'info', verified: false, reason: 'stated' } as const;
    if (observation?.error?.gaveUp === 'lacked' && !inside) {
      yield { ...note, ...lackOf(observation.error) };
      return;
    }
    if (isUnknown(context)) {
      yield { ...note, ...guessFails(observation?.error, context.project.completeHistory) };
      return;
    }
    if (observation?.settings && !inside) yield { ...note, ...settingsText(observation.settings) };
    const error = failureFor(context, 'statement-fails');
    if (error) yield failureFinding(context, error);
  },
};

type Text = Pick<FindingDraft, 'message' | 'details' | 'advice'>;

/** True where PostgreSQL refuses the statement perhaps only because of what was guessed. */
function isUnknown(context: StatementContext): boolean {
  const { inside, observation, statement } = context;
  const error = observation?.error;
  if (!error || inside || error.gaveUp !== undefined || statement.error || statement.unterminated || statement.sent?.guessed) return false;
  return (context.project.completeHistory || !meansMissingHistory(error)) && restsOnGuess(context, error);
}

function guessFails(error: DatabaseError | undefined, completeHistory: boolean): Text {
  const said = error ? `: ${wordsOf(error)}` : '';
  return completeHistory
    ? {
        message: 'Not verified: another migrations directory creates what this statement uses',
        details: `The statement ran on the definitions from there and failed${said}.`,
        advice: 'Declare a baseline to verify it.',
      }
    : {
        message: 'Not verified: no known migration creates what this statement uses',
        details: `The statement ran on guessed objects and failed${said}.`,
        advice: 'Declare a baseline to verify it.',
      };
}

function settingsText(names: readonly string[]): Text {
  return {
    message: `Not verified: no script sets ${listedBriefly(names)}`,
    details: `The statement ran with ${names.length === 1 ? 'a made-up value' : 'made-up values'}.`,
    advice: `Make sure that the target server sets ${listed(names)}.`,
  };
}

function lackOf(error: DatabaseError): Text {
  const extension = unavailableExtension(error);
  return extension === undefined
    ? {
        message: `Not verified: ${wordsOf(error)}`,
        details: 'The embedded PostgreSQL lacks what the statement needs.',
        advice: 'Make sure that the target server has it.',
      }
    : {
        message: `Not verified: the embedded PostgreSQL does not have the extension ${extension}`,
        details: 'Stand-ins replace its types, and statements that use its functions do not run.',
        advice: 'Make sure that the target server has the extension.',
      };
}

/** The extension that the shadow lacks and a server may well have. */
function unavailableExtension({ sqlstate, message }: DatabaseError): string | undefined {
  return sqlstate === '0A000' ? /^extension "([^"]+)" is not available$/.exec(message)?.[1] : undefined;
}
