import type { TextRange } from '../../core/text';
import type { ParsedStatement } from '../../sql/statement';
import { headOf } from './evidence';

/** Where a name is written after a keyword in the statement, quotes included; the statement's first line where it is not found. */
export function rangeOfName(statement: ParsedStatement, keyword: string, name: string): TextRange {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const quoted = name.replaceAll('"', '""').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const match = new RegExp(
    `${keyword}\\s+(?:if\\s+exists\\s+)?((?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_$])|"${quoted}")`,
    'iu',
  ).exec(statement.text);
  if (!match?.[1]) return headOf(statement);
  const start = statement.start + match.index + match[0].length - match[1].length;
  return { start, end: start + match[1].length };
}
