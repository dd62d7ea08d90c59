import type { TextEdit } from '../../../core/finding';
import type { ManifestDocument, ManifestPath } from '../document';
import { placeAt, type Place } from '../place';
import { scalarText } from '../write';
import { readYaml } from '../yaml-tree';
import { columnOf, endOfLine, lineEndOf, startOfLine, startOfNextLine } from './lines';
import { remembered } from '../../../core/remember';

/**
 * Small edits of a manifest's text that leave comments, quotes and the order of everything else as they are. Each answers
 * undefined where the place cannot be edited by itself: behind an alias, in a broken part.
 */

/** The place at a path of the text itself. */
export function placeOf(document: ManifestDocument, path: ManifestPath): Place | undefined {
  const place = writtenPlace(document, path);
  return place?.elsewhere ? undefined : place;
}

function writtenPlace(document: ManifestDocument, path: ManifestPath): Place | undefined {
  const root = rootOf(document);
  const found = root && placeAt(root, path);
  return found?.exact ? found.place : undefined;
}

const rootOf = remembered((document: ManifestDocument) => readYaml(document.text).place);

/** Adds names to the end of a list. The list is made where the mapping that should hold it has none. */
export function addToList(document: ManifestDocument, path: ManifestPath, values: readonly string[]): TextEdit | undefined {
  return addEntries(document, path, values.map(scalarText));
}

/** Adds entries, each YAML of one line, to the end of a list, as `addToList` does. */
function addEntries(document: ManifestDocument, path: ManifestPath, written: readonly string[]): TextEdit | undefined {
  const { text } = document;
  const place = writtenPlace(document, path);
  if (place?.elsewhere) return undefined;
  if (!place) return addKey(document, path.slice(0, -1), `${String(path.at(-1))}: [${written.join(', ')}]`);
  const { start, end } = place.value;
  if (place.flow) {
    if (text[end - 1] !== ']') return undefined;
    const inside = text.slice(start + 1, end - 1).trimEnd();
    const separator = inside.trim() === '' || inside.endsWith(',') ? (inside.endsWith(',') ? ' ' : '') : ', ';
    return insertion(document, start + 1 + inside.length, separator + written.join(', '));
  }
  const eol = lineEndOf(text);
  if (place.children && text[start] === '-') {
    const last = [...place.children.values()].at(-1);
    const indent = ' '.repeat(columnOf(text, start));
    return insertion(document, endOfLine(text, last?.value.end ?? end), written.map((each) => `${eol}${indent}- ${each}`).join(''));
  }
  if (start !== end || !place.key) return undefined;
  const indent = ' '.repeat(columnOf(text, place.key.start) + 2);
  return insertion(document, endOfLine(text, place.key.end), written.map((each) => `${eol}${indent}- ${each}`).join(''));
}

/** Adds `key: value` to the end of the mapping at a path; the root is the empty path. */
export function addKey(document: ManifestDocument, path: ManifestPath, text: string): TextEdit | undefined {
  const place = placeOf(document, path);
  if (!place?.children) return undefined;
  const { start, end } = place.value;
  if (place.flow) {
    if (document.text[end - 1] !== '}') return undefined;
    const inside = document.text.slice(start + 1, end - 1).trimEnd();
    return insertion(document, start + 1 + inside.length, `${inside.trim() === '' ? ' ' : ', '}${text}`);
  }
  const eol = lineEndOf(document.text);
  const lines = text.split('\n').join(`${eol}${' '.repeat(columnOf(document.text, start))}`);
  const last = [...place.children.values()].at(-1);
  const at = endOfLine(document.text, lastOffset(last ?? place));
  return insertion(document, at, `${eol}${' '.repeat(columnOf(document.text, start))}${lines}`);
}

/** Sets keys of a migration's entry; `- 0001_a` becomes `- { id: 0001_a, ... }`. Values are YAML. Keys that it has are replaced. */
export function setEntryKeys(
  document: ManifestDocument,
  path: ManifestPath,
  id: string,
  values: Readonly<Record<string, string>>,
): TextEdit[] | undefined {
  const place = placeOf(document, path);
  if (!place) return undefined;
  const { text } = document;
  if (!place.children) {
    const keys = Object.entries(values).map(([key, value]) => `, ${key}: ${value}`);
    return [{ file: document.path, range: place.value, newText: `{ id: ${scalarText(id)}${keys.join('')} }` }];
  }
  const edits: TextEdit[] = [];
  const added: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    const known = place.children.get(key);
    if (known?.elsewhere) return undefined;
    if (known && known.value.end > known.value.start) edits.push({ file: document.path, range: known.value, newText: value });
    else if (known) return undefined;
    else added.push(`${key}: ${value}`);
  }
  if (added.length === 0) return edits;
  const after = place.children.get('id');
  if (!after || after.elsewhere) return undefined;
  const eol = lineEndOf(text);
  const indent = ' '.repeat(columnOf(text, place.value.start));
  const edit = place.flow
    ? insertion(document, after.value.end, added.map((each) => `, ${each}`).join(''))
    : insertion(document, endOfLine(text, after.value.end), added.map((each) => `${eol}${indent}${each}`).join(''));
  return [...edits, edit];
}

/** An entry of a list as it is written, and the edit that takes it out. */
interface TakenEntry {
  /** Without dash; the lines after the first as far from the left as the first. */
  readonly text: string;
  readonly removal: TextEdit;
}

/** Takes entries out of a list. The comments behind an entry in block style go with it; those above it stay. */
export function takeEntries(document: ManifestDocument, path: ManifestPath, indexes: readonly number[]): TakenEntry[] | undefined {
  const { text } = document;
  const list = placeOf(document, path);
  if (!list?.children) return undefined;
  const taken: TakenEntry[] = [];
  for (const index of indexes) {
    const entry = list.children.get(index);
    if (!entry || entry.elsewhere) return undefined;
    const next = list.children.get(index + 1);
    const { start, end } = entry.value;
    if (list.flow) {
      const before = list.children.get(index - 1);
      const staysBefore = [...list.children.keys()].some((key) => Number(key) < index && !indexes.includes(Number(key)));
      const range = staysBefore && before ? { start: before.value.end, end } : { start, end: next?.value.start ?? end };
      taken.push({ text: text.slice(start, end), removal: { file: document.path, range, newText: '' } });
      continue;
    }
    const lineStart = startOfLine(text, start);
    const column = start - lineStart;
    if (!/^\s*-\s+$/.test(text.slice(lineStart, start))) return undefined;
    const lines = text.slice(start, endOfLine(text, lastOffset(entry))).split(/\r\n|\r|\n/);
    const moved = lines.map((line, number) => (number === 0 ? line : line.slice(Math.min(column, /^ */.exec(line)?.[0].length ?? 0))));
    const range = { start: lineStart, end: startOfNextLine(text, lastOffset(entry)) };
    taken.push({ text: moved.join('\n'), removal: { file: document.path, range, newText: '' } });
  }
  return taken;
}

/** Moves an entry that stands on one line to the end of another list; a list that becomes empty says `[]`. */
export function moveEntry(document: ManifestDocument, from: ManifestPath, index: number, to: ManifestPath): TextEdit[] | undefined {
  const list = placeOf(document, from);
  const [entry] = takeEntries(document, from, [index]) ?? [];
  if (!list || !entry || /[\r\n]/.test(entry.text)) return undefined;
  const added = addEntries(document, to, [list.flow ? entry.text : entry.text.trimEnd()]);
  if (!added) return undefined;
  const isLast = list.children?.size === 1 && !list.flow;
  if (isLast && !list.key) return undefined;
  const emptied = isLast && list.key ? [insertion(document, list.key.end + 1, ' []')] : [];
  return [...emptied, entry.removal, added];
}

/** Where the last thing of a place ends, comments after it left out. */
export function lastOffset(place: Place): number {
  const last = place.elsewhere || place.flow ? undefined : [...(place.children?.values() ?? [])].at(-1);
  return last ? Math.max(lastOffset(last), last.key?.end ?? 0) : place.value.end;
}

export function insertion(document: ManifestDocument, at: number, newText: string): TextEdit {
  return { file: document.path, range: { start: at, end: at }, newText };
}
