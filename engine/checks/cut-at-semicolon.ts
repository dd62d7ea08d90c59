import type { Check } from './check';
import { toolName } from './support/tool-names';

export const check: Check = {
  id: 'cut-at-semicolon',
  hazards: [],
  group: 'syntax',
  severity: 'error',
  summary: 'A migration tool cuts a statement at a semicolon inside it.',
  *script({ script, statements }, _migration, { directory }) {
    if (!directory?.runner.cutsAtSemicolons) return;
    for (const { leadStart, end, kind } of statements) {
      const text = script.sql.slice(leadStart, end).replace(/^[\s;]+/, '');
      const inside = kind === 'sql' ? text.search(/;/) : -1;
      if (inside < 0) continue;
      const start = end - text.length + inside;
      const message = `The upgrade stops here: with x-multi-statement ${toolName(directory.layout)} cuts the script at this semicolon too. Take it out, or send the script as a whole.`;
      yield { range: { start, end: start + 1 }, message };
    }
  },
};
