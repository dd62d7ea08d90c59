import { listedBriefly, shortened } from '../../../../core/wording';

/** `maxLength` as `max-length`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Longest value that a headline shows in full. */
const longestValue = 30;

/** A value for a headline. */
export function shown(value: unknown): string {
  return shortened(String(value), longestValue);
}

/** A list for a headline, and in `details` all of it where the headline leaves some out. */
export function shownList(texts: readonly string[], details: string): { readonly text: string; readonly details: string | undefined } {
  const isWhole = texts.length <= 3 && texts.every((text) => text.length <= longestValue);
  return { text: listedBriefly(texts.map(shown)), details: isWhole ? undefined : `${details} ${texts.join(', ')}.` };
}

/** What changed from one value to another: in the headline, or in `details` where the values are long. */
export function fromTo(before: unknown, now: unknown): { readonly fact: string; readonly details: string | undefined } {
  const values = [before, now].map((value) => (value === undefined ? 'unset' : String(value)));
  const [was = '', is = ''] = values;
  return values.every((value) => value.length <= longestValue)
    ? { fact: ` from ${was} to ${is}`, details: undefined }
    : { fact: '', details: `It was ${was} and is now ${is}.` };
}
