/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[], word = 'and'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1) ?? ''}`;
}

/** `a, b and 3 more`: at most `most` names, for a headline. */
export function listedBriefly(names: readonly string[], most = 2): string {
  return names.length <= most + 1 ? listed(names) : listed([...names.slice(0, most), `${names.length - most} more`]);
}

/** The text cut to at most `length` characters, with an ellipsis in place of the rest. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`;
}

/** The sentences that there are, one after the other; undefined where there are none. */
export function sentences(...parts: readonly (string | undefined)[]): string | undefined {
  return parts.filter((part) => part !== undefined && part !== '').join(' ') || undefined;
}

/** The text with a capital first letter. */
export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The text as a sentence: with a full stop where it has no mark at its end. */
export function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
