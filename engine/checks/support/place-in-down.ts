import type { TextRange } from '../../core/text';
import type { ScriptContext } from '../check';
import { headOf } from './evidence';

/**
 * Where a down script deals with one of the objects: the last statement that names it, else the first statement, else the script.
 * @param objects as in `Difference.object`; the first one that a statement names counts
 */
export function placeInDown(down: ScriptContext, objects: readonly string[]): TextRange {
  const statements = down.statements.filter(({ kind }) => kind === 'sql');
  const first = statements[0];
  if (!first) {
    const section = down.script.sections[0] ?? { start: 0, end: 0 };
    const line = down.script.text.slice(section.start, section.end).search(/[\r\n]/);
    return { start: section.start, end: line < 0 ? section.end : section.start + line };
  }
  for (const word of objects.flatMap(wordsOfName)) {
    const match = statements.findLast((statement) => mentions(statement.text, word));
    if (match) return headOf(match);
  }
  return headOf(first);
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
