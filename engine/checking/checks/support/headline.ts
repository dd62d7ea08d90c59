/** Longest headline that the Problems view shows in full. */
export const longestHeadline = 90;

/** The first of the texts that is short enough for a headline; the last where none is. */
export function firstFitting(texts: readonly [string, ...string[]]): string {
  return texts.find((text) => text.length <= longestHeadline) ?? texts.at(-1) ?? texts[0];
}
