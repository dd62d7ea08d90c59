import { shortened } from '../../../../core/wording';
import type { Comparison } from './comparison';
import { least, most } from './facts';
import { numberOf } from './keywords';
import { longestValue, refusal, type Refusal } from './refusal';
import { keywordsOf } from './schema-bundle';

/** What the keywords for strings refuse. */
export function stringRefusals(at: Comparison): Refusal[] {
  const { facts, reader } = at;
  const { minLength, maxLength, pattern, format } = keywordsOf(reader);
  const found: Refusal[] = [];
  const [shortest, longest] = [numberOf(minLength) ?? 0, numberOf(maxLength) ?? Infinity];
  if (least(facts, 'minLength') < shortest) {
    found.push(refusal(at, 'min-length', `may be shorter than ${shortest} characters`, { keyword: 'minLength' }));
  }
  if (most(facts, 'maxLength') > longest) {
    found.push(refusal(at, 'max-length', `may be longer than ${longest} characters`, { keyword: 'maxLength' }));
  }
  const has = (keyword: string, value: unknown) => facts.parts.some((part) => keywordsOf(part)[keyword] === value);
  if (typeof pattern === 'string' && !['', '.*', '^.*$'].includes(pattern) && !has('pattern', pattern)) {
    const certain = !facts.parts.some((part) => keywordsOf(part)['pattern'] !== undefined || keywordsOf(part)['format'] !== undefined);
    found.push(
      refusal(at, 'pattern', `may violate the pattern \`${shortened(pattern, longestValue)}\``, {
        keyword: 'pattern',
        certain,
      }),
    );
  }
  if (typeof format === 'string' && !has('format', format)) {
    found.push(
      refusal(at, 'format', `may violate the format ${format}`, {
        keyword: 'format',
        certain: false,
        more: 'Only readers that check formats refuse it.',
      }),
    );
  }
  return found;
}
