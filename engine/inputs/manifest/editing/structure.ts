import type { TextRange } from '../../../core/text';
import type { ManifestDocument } from '../document';
import type { Place } from '../place';
import { lastOffset, placeOf } from './lists';

/** What can be folded: every mapping, list and text over several lines, from its key or its first line to its last one. */
export function foldable(document: ManifestDocument): TextRange[] {
  const found: TextRange[] = [];
  const visit = (place: Place): void => {
    const range = { start: place.key?.start ?? place.value.start, end: endOf(place) };
    if (/[\r\n]/.test(document.text.slice(range.start, range.end))) found.push(range);
    if (!place.elsewhere) for (const child of place.children?.values() ?? []) visit(child);
  };
  const root = placeOf(document, []);
  if (!root) return [];
  for (const child of root.children?.values() ?? []) visit(child);
  return found;
}

/** The things around an offset, the innermost first: a word, its value, the entry with its key, the list that holds it, and so on. */
export function around(document: ManifestDocument, offset: number): TextRange[] {
  const found: TextRange[] = [{ start: 0, end: document.text.length }];
  const add = (range: TextRange): void => {
    const outer = found.at(-1);
    const isInside = range.start <= offset && offset <= range.end;
    if (isInside && outer && outer.start <= range.start && range.end <= outer.end && range.end - range.start < outer.end - outer.start)
      found.push(range);
  };
  const visit = (place: Place): void => {
    const end = endOf(place);
    add({ start: place.key?.start ?? place.value.start, end });
    if (place.key && place.key.start <= offset && offset <= place.key.end) add(place.key);
    else if (place.value.start <= offset && offset <= end) {
      add({ start: place.value.start, end });
      if (place.elsewhere) return;
      const inner = [...(place.children?.values() ?? [])].find(
        (child) => (child.key?.start ?? child.value.start) <= offset && offset <= endOf(child),
      );
      if (inner) visit(inner);
    }
  };
  const root = placeOf(document, []);
  if (root) visit(root);
  return found.reverse();
}

function endOf(place: Place): number {
  return Math.max(place.key?.end ?? 0, place.flow || !place.children ? place.value.end : lastOffset(place));
}
