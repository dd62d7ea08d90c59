import { directedScripts, isBlankOrComment, linesOf, SectionCutter, type TransactionChoice } from './sections';
import type { Script } from '../../core/scripts';

/**
 * Lines by which tools without a layout of their own part a file into up and down: sql-migrate, rambler, Play, shmig; tern and
 * MyBatis Migrations mark only where the down begins.
 */
const markers: readonly { readonly up?: RegExp; readonly down: RegExp }[] = [
  { up: /^--\s*\+migrate\s+Up\b/i, down: /^--\s*\+migrate\s+Down\b/i },
  { up: /^--\s*rambler\s+up\b/i, down: /^--\s*rambler\s+down\b/i },
  { up: /^(?:#|--)\s*---\s*!Ups\b/i, down: /^(?:#|--)\s*---\s*!Downs\b/i },
  { up: /^--\s*={2,}\s*UP\s*={2,}/i, down: /^--\s*={2,}\s*DOWN\s*={2,}/i },
  { down: /^---- create above \/ drop below ----/i },
  { down: /^--\s*\/\/\s*@UNDO\b/i },
];

/** What one of the markers has in any case, so that few files are looked at line by line. */
const anyMarker = /\+migrate|rambler|!Ups|!Downs|==\s*(?:UP|DOWN)|create above|@UNDO/i;

/** True for a file that has such a line. */
export function hasMarkers(text: string): boolean {
  return anyMarker.test(text) && linesOf(text).some((line) => markers.some(({ up, down }) => up?.test(line.text) || down.test(line.text)));
}

/** Both directions of a file that one of those lines parts; undefined for a file without one. */
export function markedScripts(file: string, text: string, choice: TransactionChoice): { up: Script; down: Script | undefined } | undefined {
  if (!anyMarker.test(text)) return undefined;
  const lines = linesOf(text);
  const found = markers.find(({ up, down }) => lines.some((line) => up?.test(line.text) || down.test(line.text)));
  if (!found) return undefined;
  const cutter = new SectionCutter();
  let direction: 'up' | 'down' | undefined = found.up ? undefined : 'up';
  let hasDown = false;
  for (const line of lines) {
    const turn = found.up?.test(line.text) ? 'up' : found.down.test(line.text) ? 'down' : undefined;
    if (turn) {
      direction = turn;
      hasDown ||= turn === 'down';
      cutter.direct(line);
    } else if (direction) cutter.give(line, direction);
    else if (isBlankOrComment(line.text)) cutter.give(line, 'up');
    else cutter.direct(line);
  }
  const transaction: TransactionChoice = lines.some(({ text: each }) => /^--\s*\+migrate\s+\w+\s.*\bnotransaction\b/i.test(each))
    ? { transaction: 'none' }
    : choice;
  return directedScripts(file, text, {
    up: cutter.sections('up'),
    down: hasDown ? cutter.sections('down') : undefined,
    directives: cutter.directives,
    terminators: [],
    upTransaction: transaction,
    downTransaction: transaction,
    problems: [],
  });
}
