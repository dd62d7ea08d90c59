import type { LineIndex, TextRange } from '../../core/text';
import type { ManifestPath } from './document';

/** Where one value of the manifest stands in the text. */
export interface Place {
  /** The key in front of the value; undefined for the root and for list entries. */
  readonly key: TextRange | undefined;
  /** The value without white space around it; empty for a key without a value. */
  readonly value: TextRange;
  /** Entries of a mapping or list, in the order of the text. */
  readonly children: ReadonlyMap<string | number, Place> | undefined;
  /** True in `[...]` and `{...}`, where indentation means nothing. */
  readonly flow: boolean;
  /** True when the children stand elsewhere: an alias, or a key that came with `<<`. */
  readonly elsewhere: boolean;
}

/** The place at a path, and the deepest ancestor that exists. */
export function placeAt(root: Place, path: ManifestPath): { readonly place: Place; readonly exact: boolean } {
  let place = root;
  for (const step of path) {
    const child = place.children?.get(step);
    if (!child) return { place, exact: false };
    place = child;
  }
  return { place, exact: true };
}

/** The range of a value or key; for a value without text its key, for a missing one the heading of the nearest ancestor. */
export function rangeAt(root: Place, path: ManifestPath, part: 'key' | 'value'): TextRange {
  const { place, exact } = placeAt(root, path);
  if (!exact || part === 'key') return heading(place);
  return place.value.end > place.value.start ? place.value : heading(place);
}

/** What names a place in a few words: its key, the first key of a list entry, or the value itself. */
function heading(place: Place): TextRange {
  if (place.key) return place.key;
  const first = place.children?.values().next().value;
  return first && !place.elsewhere ? heading(first) : place.value;
}

/** The path of the innermost key or value at an offset, also where a value is only about to be typed. */
export function pathAtOffset(root: Place, offset: number, lines: LineIndex): { path: (string | number)[]; part: 'key' | 'value' } {
  const path: (string | number)[] = [];
  let place = root;
  for (;;) {
    const found = lastChildBefore(place, offset);
    if (!found) return { path, part: 'value' };
    const { name, child } = found;
    if (child.key && offset >= child.key.start && offset <= child.key.end) return { path: [...path, name], part: 'key' };
    if (!reaches(child, offset, place.flow, lines)) return { path, part: 'value' };
    path.push(name);
    if (child.elsewhere) return { path, part: 'value' };
    place = child;
  }
}

function lastChildBefore(place: Place, offset: number): { name: string | number; child: Place } | undefined {
  let found: { name: string | number; child: Place } | undefined;
  for (const [name, child] of place.children ?? []) {
    const foreign = (child.key ?? child.value).start < place.value.start;
    if (foreign) continue;
    if (startOf(child) > offset) break;
    found = { name, child };
  }
  return found;
}

function startOf(place: Place): number {
  return (place.key ?? place.value).start;
}

/** True when the offset is in the child or in the white space after it that still belongs to it. */
function reaches(child: Place, offset: number, inFlow: boolean, lines: LineIndex): boolean {
  if (offset <= child.value.end) return true;
  const at = lines.positionAt(offset);
  const end = lines.positionAt(child.value.end);
  if (at.line === end.line) return child.value.end === child.value.start || (!inFlow && !child.flow);
  if (inFlow) return false;
  const start = lines.positionAt(startOf(child));
  const column = columnOfLine(lines, at.line, at.character);
  return child.key ? column > start.character : column >= start.character;
}

/** The indentation that counts at a place: of the line's text, or of the cursor in white space. */
function columnOfLine(lines: LineIndex, line: number, character: number): number {
  const start = lines.offsetAt({ line, character: 0 });
  let column = 0;
  while (column < character && /[ \t]/.test(lines.text[start + column] ?? '\n')) column++;
  return column;
}
