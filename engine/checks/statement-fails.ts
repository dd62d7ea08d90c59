import type { DatabaseError } from '../shadow/observation';
import type { Check } from './check';
import { failureFinding, failureFor, wordsOf } from './support/failure-causes';

export const check: Check = {
  id: 'statement-fails',
  hazards: [],
  group: 'execution',
  severity: 'error',
  summary: 'PostgreSQL refuses the statement when the migrations before it have run, for a reason that no other check explains.',
  *statement(context) {
    const error = failureFor(context, 'statement-fails');
    if (!error) return;
    const extension = unavailableExtension(error);
    yield failureFinding(context, error, wordsOf(error), {
      ...(extension !== undefined && {
        severity: 'info',
        verified: false,
        message: `Nothing is known of this statement, and of what needs it: the embedded PostgreSQL does not have the extension ${extension}. The target server must.`,
      }),
    });
  },
};

/** The extension that the shadow lacks and a server may well have. */
export function unavailableExtension({ sqlstate, message }: DatabaseError): string | undefined {
  return sqlstate === '0A000' ? /^extension "([^"]+)" is not available$/.exec(message)?.[1] : undefined;
}
