import type { Comparison } from './comparison';
import { itemSchemas, least, most, valuesOf } from './facts';
import { numberOf, tupleOf } from './keywords';
import { refusal, type Refusal } from './refusal';
import { child, keywordsOf, type SchemaNode } from './schema-bundle';

/** What the keywords for arrays refuse. */
export function arrayRefusals(at: Comparison): Refusal[] {
  const { facts, reader, path, comparer } = at;
  const keywords = keywordsOf(reader);
  const found: Refusal[] = [];
  const [fewest, longest] = [least(facts, 'minItems'), most(facts, 'maxItems')];
  const [minItems, maxItems] = [numberOf(keywords['minItems']) ?? 0, numberOf(keywords['maxItems']) ?? Infinity];
  if (fewest < minItems) found.push(refusal(at, 'min-items', `may have fewer than ${minItems} items`, { keyword: 'minItems' }));
  if (longest > maxItems) found.push(refusal(at, 'max-items', `may have more than ${maxItems} items`, { keyword: 'maxItems' }));
  const isUnique = longest <= 1 || facts.parts.some((part) => keywordsOf(part)['uniqueItems'] === true);
  if (keywords['uniqueItems'] === true && !isUnique) {
    found.push(refusal(at, 'unique-items', 'may have the same item twice', { keyword: 'uniqueItems' }));
  }
  const tuple = tupleOf(reader);
  const places = Math.max(tuple.prefix.length, ...facts.parts.map((part) => tupleOf(part).prefix.length));
  for (let index = 0; index <= places && index < longest; index++) {
    const schema = tuple.prefix[index] ?? tuple.rest;
    if (schema) found.push(...comparer.check(valuesOf(...itemSchemas(facts, index)), schema, [...path, '[]']));
  }
  if (keywords['contains'] !== undefined) found.push(...containsRefusals(at, fewest, longest));
  const unevaluated = keywords['unevaluatedItems'];
  if (unevaluated !== undefined && unevaluated !== true) {
    found.push(
      refusal(at, 'unevaluated', 'may have items that no schema describes', {
        keyword: 'unevaluatedItems',
        certain: false,
      }),
    );
  }
  return found;
}

/** @param fewest the least number of items @param longest the greatest */
function containsRefusals(at: Comparison, fewest: number, longest: number): Refusal[] {
  const { facts, reader, path, comparer } = at;
  const keywords = keywordsOf(reader);
  const wanted = child(reader, 'contains');
  const atLeast = numberOf(keywords['minContains']) ?? 1;
  const atMost = numberOf(keywords['maxContains']) ?? Infinity;
  const lists = facts.parts.filter((part) => keywordsOf(part)['contains'] !== undefined);
  const itemsFit = fewest >= atLeast && allItemsFit(at, wanted, fewest);
  const isThere =
    atLeast === 0 ||
    itemsFit ||
    lists.some(
      (part) =>
        (numberOf(keywordsOf(part)['minContains']) ?? 1) >= atLeast &&
        comparer.check(valuesOf(child(part, 'contains')), wanted, path).length === 0,
    );
  const isRare =
    longest <= atMost ||
    lists.some(
      (part) =>
        (numberOf(keywordsOf(part)['maxContains']) ?? Infinity) <= atMost &&
        comparer.check(valuesOf(wanted), child(part, 'contains'), path).length === 0,
    );
  if (isThere && isRare) return [];
  const clause = isThere ? `may contain more than ${atMost} of the limited items` : 'may lack an item that it must contain';
  return [refusal(at, 'contains', clause, { keyword: 'contains', certain: lists.length === 0 })];
}

function allItemsFit({ facts, path, comparer }: Comparison, wanted: SchemaNode, count: number): boolean {
  const places = Math.max(count, ...facts.parts.map((part) => tupleOf(part).prefix.length + 1));
  if (places > 20) return false;
  return Array.from({ length: places }, (_, index) => comparer.check(valuesOf(...itemSchemas(facts, index)), wanted, path)).every(
    (each) => each.length === 0,
  );
}
