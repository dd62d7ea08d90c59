import type { Comparison } from './comparison';
import { type Bound, highest, lowest } from './facts';
import { numberOf } from './keywords';
import { refusal, type Refusal } from './refusal';
import { keywordsOf } from './schema-bundle';

/** What the keywords for numbers refuse. */
export function numberRefusals(at: Comparison): Refusal[] {
  const { facts, reader } = at;
  const keywords = keywordsOf(reader);
  const found: Refusal[] = [];
  const whole = !facts.types.has('fraction');
  for (const [kind, keyword, strict, sign, word] of [
    ['minimum', 'minimum', 'exclusiveMinimum', 1, 'less'],
    ['maximum', 'maximum', 'exclusiveMaximum', -1, 'more'],
  ] as const) {
    const own = sign === 1 ? lowest({ parts: [reader] }) : highest({ parts: [reader] });
    const theirs = sign === 1 ? lowest(facts) : highest(facts);
    if (!own || (theirs && isAtLeastAsStrict(theirs, own, sign, whole))) continue;
    const isStrict = own.exclusive && keywords[strict] !== undefined;
    const clause = `may be ${word} than ${own.limit}${isStrict ? ' or equal to it' : ''}`;
    found.push(refusal(at, kind, clause, { keyword: isStrict ? strict : keyword }));
  }
  const divisor = numberOf(keywords['multipleOf']);
  if (divisor !== undefined) {
    const divisors = facts.parts.map((part) => numberOf(keywordsOf(part)['multipleOf'])).filter((each) => each !== undefined);
    const divides = (each: number) => Number.isInteger(each / divisor);
    if (!divisors.some(divides) && !(whole && divides(1))) {
      found.push(refusal(at, 'multiple-of', `may be other than a multiple of ${divisor}`, { keyword: 'multipleOf' }));
    }
  }
  return found;
}

function isAtLeastAsStrict(theirs: Bound, own: Bound, sign: 1 | -1, whole: boolean): boolean {
  const normal = ({ limit, exclusive }: Bound): Bound => {
    if (!whole) return { limit: limit * sign, exclusive };
    const signed = limit * sign;
    return { limit: exclusive ? Math.floor(signed) + 1 : Math.ceil(signed), exclusive: false };
  };
  const [a, b] = [normal(theirs), normal(own)];
  return a.limit > b.limit || (a.limit === b.limit && (a.exclusive || !b.exclusive));
}
