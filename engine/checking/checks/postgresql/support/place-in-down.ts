import type { TextRange } from '../../../../core/text';
import type { ScriptContext } from '../../../context/context';
import { headOf } from './evidence';

/**
 * Where a down script deals with one of the objects: the last statement that names it, else the last one that names a table that one of
 * them belongs to, else the script's first line.
 * @param objects as in `Difference.object`; the first one that a statement names counts
 * @param tables as in `Difference.table`
 */
export function placeInDown(down: ScriptContext, objects: readonly string[], tables: readonly string[] = []): TextRange {
  const statements = down.statements.filter(({ kind }) => kind === 'sql');
  for (const word of [...objects, ...tables.map((table) => `table ${table}`)].flatMap(wordsOfName)) {
    const match = statements.findLast((statement) => mentions(statement.text, word));
    if (match) return headOf(match);
  }
  const line = firstLine(down);
  const [first] = statements;
  return first && (statements.length === 1 || first.start <= line.start) ? headOf(first) : line;
}

/** The first line of the script's text that is not blank. */
function firstLine({ script }: ScriptContext): TextRange {
  const section = script.sections[0] ?? { start: 0, end: 0 };
  const text = script.text.slice(section.start, section.end);
  const start = Math.max(0, text.search(/\S/));
  const length = text.slice(start).search(/[\r\n]/);
  return { start: section.start + start, end: length < 0 ? section.end : section.start + start + length };
}

/** The names in an object's description, the most telling first: `column public.a.b` gives b, a. */
export function wordsOfName(object: string): string[] {
  const name = object.slice(object.indexOf(' ') + 1).replace(/\(.*$/, '');
  return name
    .split('.')
    .reverse()
    .filter((part) => part !== 'public' && part !== '');
}

/** True when the name stands in the text as a word of its own. */
export function mentions(text: string, word: string): boolean {
  return new RegExp(`(?<![\\p{L}\\p{N}_])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}_])`, 'iu').test(text);
}
