import type { Fix, TextEdit } from '../../../../core/finding';
import type { TextRange } from '../../../../core/text';
import { parseStatements } from '../../../../databases/postgresql/sql/parser';
import { newerThan } from '../../../../databases/postgresql/sql/server-versions';
import type { SqlFile } from '../../product-checks';
import type { Statement } from '../../../../databases/statement';

/**
 * True when a fix brings nothing into its files that servers of the major version `minimum` do not know; what the text used
 * before counts as known. A file that is not in `files` is one that the fix makes; a manifest holds no SQL.
 */
export function fitsServer({ edits }: Fix, files: ReadonlyMap<string, SqlFile>, minimum: number): boolean {
  const scripts = edits.filter(({ file }) => !/\.ya?ml$/i.test(file));
  return [...new Set(scripts.map(({ file }) => file))].every((file) => {
    const own = edits.filter((edit) => edit.file === file).sort((a, b) => a.range.start - b.range.start);
    const { text, statements } = files.get(file) ?? { text: '', statements: [] };
    const window = windowOf(own, statements);
    const newer = featuresOf(edited(text, own, window), minimum);
    if (newer.size === 0) return true;
    const known = featuresOf(text.slice(window.start, window.end), minimum);
    return [...newer].every((feature) => known.has(feature));
  });
}

/** The edits with the whole of every statement that they touch. */
function windowOf(edits: readonly TextEdit[], statements: readonly Statement[]): TextRange {
  const touched = statements.filter(({ start, tailEnd }) => edits.some(({ range }) => range.start <= tailEnd && start <= range.end));
  const ranges = [...edits.map(({ range }) => range), ...touched.map(({ start, tailEnd }) => ({ start, end: tailEnd }))];
  return { start: Math.min(...ranges.map(({ start }) => start)), end: Math.max(...ranges.map(({ end }) => end)) };
}

/** The text of the window after the edits, which are in order. */
function edited(text: string, edits: readonly TextEdit[], { start, end }: TextRange): string {
  let result = '';
  let at = start;
  for (const { range, newText } of edits) {
    result += text.slice(at, range.start) + newText;
    at = range.end;
  }
  return result + text.slice(at, end);
}

function featuresOf(sql: string, minimum: number): Set<string> {
  return new Set(parseStatements(sql).flatMap(({ node }) => (node ? newerThan(node, minimum).map(({ feature }) => feature) : [])));
}
