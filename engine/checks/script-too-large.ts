import type { Check, ScriptContext } from './check';
import { headOf } from './support/evidence';

/** More statements than this are data, not a migration; replaying them would take longer than anybody waits. */
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
  summary: 'A script is so large that it is not replayed, so what it and later scripts do is not verified.',
  *script(context) {
    const [first] = context.statements;
    if (!first || !isTooLargeToReplay(context)) return;
    yield {
      range: headOf(first),
      message: `This script is not replayed: it has ${context.statements.length.toLocaleString('en')} statements, more than ${mostStatements.toLocaleString('en')}, or more than ${mostText / 1_000_000} MB. Nothing that it does is verified, and unknown tables in later scripts are not reported.`,
    };
  },
};
