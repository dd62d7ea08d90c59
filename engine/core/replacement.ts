import type { TextRange } from './text';

/** A part of a document in place of which something else is sent to the server: a placeholder or a variable with its value. */
export interface Replacement extends TextRange {
  readonly value: string;
}

/** A text after replacement, and the way back to the original's offsets. */
export interface ReplacedText {
  readonly text: string;
  /** The offset in the original; one inside a value is the start of what the value stands for. */
  toOriginal(offset: number): number;
}

/**
 * Puts values in place of ranges. `text` begins at `base` of the document that the ranges are of; ranges that are not wholly
 * inside it are left alone. `replacements` are in order and do not overlap.
 */
export function replaceText(text: string, replacements: readonly Replacement[], base = 0): ReplacedText {
  const inside = replacements.filter(({ start, end }) => start >= base && end <= base + text.length);
  if (inside.length === 0) return { text, toOriginal: (offset) => offset };
  const places: { readonly at: number; readonly from: number; readonly fixed: boolean }[] = [];
  let replaced = '';
  let from = 0;
  for (const { start, end, value } of inside) {
    places.push({ at: replaced.length, from, fixed: false });
    replaced += text.slice(from, start - base);
    places.push({ at: replaced.length, from: start - base, fixed: true });
    replaced += value;
    from = end - base;
  }
  places.push({ at: replaced.length, from, fixed: false });
  replaced += text.slice(from);
  return {
    text: replaced,
    toOriginal(offset) {
      const place = places.findLast(({ at }) => at <= offset);
      return place === undefined ? offset : place.fixed ? place.from : place.from + offset - place.at;
    },
  };
}
