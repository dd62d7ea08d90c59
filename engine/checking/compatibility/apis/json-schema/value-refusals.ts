import { listedBriefly, shortened } from '../../../../core/wording';
import type { Comparison } from './comparison';
import { typesOf, type ValueType } from './facts';
import { longestValue, refusal, type Refusal } from './refusal';
import { keywordsOf } from './schema-bundle';
import { isValid } from './valid-value';

/** Which of the only possible values are refused. */
export function valueRefusals(at: Comparison, values: readonly unknown[]): Refusal[] {
  const { reader } = at;
  const verdicts = values.map((value) => isValid(reader, value));
  const refused = values.filter((_, index) => verdicts[index] === false);
  const keywords = keywordsOf(reader);
  if (refused.length > 0) {
    const types = typesOf(keywords['type']);
    const isType = keywords['type'] !== undefined && refused.every((value) => !types.has(typeOfValue(value)));
    const keyword = isType ? 'type' : 'enum' in keywords ? 'enum' : 'const' in keywords ? 'const' : undefined;
    const shown = refused.map((value) => shortened(JSON.stringify(value), longestValue));
    const clause = `may be ${listedBriefly(shown)}, which ${refused.length === 1 ? 'is' : 'are'} not accepted`;
    const more = shown.length > 3 ? `Refused values: ${shown.slice(0, 5).join(', ')}${shown.length > 5 ? ' and others' : ''}.` : undefined;
    return [refusal(at, isType ? 'type' : 'enum', clause, { keyword, more })];
  }
  if (!verdicts.includes(undefined)) return [];
  return [refusal(at, 'enum', 'may have values that the comparison cannot judge', { certain: false })];
}

function typeOfValue(value: unknown): ValueType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'fraction';
  return typeof value === 'boolean' ? 'boolean' : typeof value === 'string' ? 'string' : 'object';
}
