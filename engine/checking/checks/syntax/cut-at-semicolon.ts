import type { Check } from '../check';
import { toolName } from '../support/tool-names';

export const check: Check = {
  id: 'cut-at-semicolon',
  hazards: [],
  severity: 'error',
  summary: 'Contains a semicolon inside a statement, where the migration tool cuts the statement in two.',
  *script({ script, statements }, _migration, { directory }) {
    if (!directory?.runner.cutsAtSemicolons) return;
    for (const { leadStart, end, kind } of statements) {
      const text = script.sql.slice(leadStart, end).replace(/^[\s;]+/, '');
      const inside = kind === 'sql' ? text.search(/;/) : -1;
      if (inside < 0) continue;
      const start = end - text.length + inside;
      yield {
        range: { start, end: start + 1 },
        message: `Fails: ${toolName(directory.layout)} cuts the statement at this semicolon (x-multi-statement)`,
        details: 'With x-multi-statement, it cuts the script at every semicolon, also in strings, function bodies and comments.',
        advice: 'Remove the semicolon, or run the script without x-multi-statement.',
      };
    }
  },
};
