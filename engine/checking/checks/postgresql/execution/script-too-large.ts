import type { Check, ScriptContext } from '../../check';
import { headOf } from '../support/evidence';

/** More statements than this are data, not a migration; replaying them takes too long. */
const mostStatements = 5_000;
const mostText = 4_000_000;

/** True for a script that the shadow does not get to see. */
export function isTooLargeToReplay({ script, statements }: ScriptContext): boolean {
  return statements.length > mostStatements || script.sql.length > mostText;
}

export const check: Check = {
  id: 'script-too-large',
  hazards: [],
  group: 'execution',
  severity: 'info',
  summary: 'Exceeds the size up to which scripts are replayed, so it and later scripts are not verified.',
  *script(context) {
    const [first] = context.statements;
    if (!first || !isTooLargeToReplay(context)) return;
    yield {
      range: headOf(first),
      message: `Not verified: the script is too large to replay (${context.statements.length.toLocaleString('en')} statements)`,
      details: `Scripts of up to ${mostStatements.toLocaleString('en')} statements and ${mostText / 1_000_000} MB are replayed. Unknown tables in later scripts are not reported.`,
    };
  },
};
