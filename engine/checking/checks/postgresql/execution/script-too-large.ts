import type { Check } from '../../check';
import { isTooLargeToReplay, mostStatements, mostText } from '../../../context/replay-limits';
import { headOf } from '../support/evidence';

export const check: Check = {
  id: 'script-too-large',
  hazards: [],
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
