import type { FindingDraft } from '../check';
import { longestHeadline } from './headline';

/**
 * The message of a problem as the texts of a finding: its first sentence as the headline, the others as details. A first sentence that is
 * too long is cut at its colon.
 */
export function problemTexts(message: string): Pick<FindingDraft, 'message' | 'details'> {
  const [first = '', ...others] = message.split(/(?<=[.?!])(?<!e\.g\.)\s+(?=[A-Z\d])/);
  const colon = first.length > longestHeadline ? first.indexOf(': ') : -1;
  const headline = colon < 0 ? first.replace(/\.$/, '') : first.slice(0, colon);
  const details = [...(colon < 0 ? [] : [sentence(first.slice(colon + 2))]), ...others];
  return { message: headline, details: details.length > 0 ? sentence(details.join(' ')) : undefined };
}

/** The text as a full sentence: with a full stop at its end and, unless it begins with a name such as `a.sql`, a capital letter. */
export function sentence(text: string): string {
  const capitalized = /^[a-z]+\s/.test(text) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;
  return /[.?!]$/.test(capitalized) ? capitalized : `${capitalized}.`;
}
