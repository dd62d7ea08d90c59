import { LineIndex } from '../core/text';
import type { Check } from './check';
import { headOf } from './support/evidence';

export const check: Check = {
  id: 'baseline-fails',
  hazards: [],
  group: 'history',
  severity: 'warning',
  summary: 'The server refuses statements of the declared baseline, so that what depends on them is not judged.',
  *project({ baseline }) {
    const [first, ...others] = baseline?.failures ?? [];
    if (!baseline || !first) return;
    const { file, text } = baseline.script;
    const lines = new LineIndex(text);
    const also = others.slice(0, 5).map(({ statement }) => lines.positionAt(statement.start).line + 1);
    const rest =
      others.length === 0 ? '' : ` ${others.length} more fail, in line ${also.join(', ')}${others.length > also.length ? ', ...' : ''}.`;
    yield {
      file,
      range: headOf(first.statement),
      message: `What is checked starts from less than this baseline, because PostgreSQL refuses a statement of it: ${first.error.message} (${first.error.sqlstate}).${rest}`,
    };
  },
};
