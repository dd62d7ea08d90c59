import { listedBriefly } from '../../../../core/wording';
import type { Comparison } from './comparison';
import { factsOf, inventedSchema, least, most, valuesOf } from './facts';
import { numberOf, textsOf } from './keywords';
import { propertyRefusals } from './property-refusals';
import { refusal, type Refusal } from './refusal';
import { child, children, isObject, keywordsOf, type SchemaNode } from './schema-bundle';
import { isValid } from './valid-value';

/** What the keywords for objects refuse. */
export function objectRefusals(at: Comparison): Refusal[] {
  const { documents, facts, reader, path, comparer } = at;
  const keywords = keywordsOf(reader);
  const found: Refusal[] = [];
  for (const name of textsOf(keywords['required'])) {
    if (facts.required.has(name)) continue;
    const schema = isObject(keywords['properties']) ? child(reader, 'properties', name) : undefined;
    const hasDefault = schema !== undefined && 'default' in keywordsOf(schema);
    const clause = hasDefault ? 'may be missing, which only readers that apply its default accept' : 'may be missing, but it is required';
    const place = { keyword: 'required', certain: !hasDefault };
    found.push(refusal({ ...at, path: [...path, name] }, 'required', clause, place));
  }
  const [fewest, largest] = [Math.max(least(facts, 'minProperties'), facts.required.size), most(facts, 'maxProperties')];
  const minimum = numberOf(keywords['minProperties']) ?? 0;
  const maximum = numberOf(keywords['maxProperties']) ?? Infinity;
  if (fewest < minimum) {
    found.push(refusal(at, 'min-properties', `may have fewer than ${minimum} properties`, { keyword: 'minProperties' }));
  }
  if (largest > maximum) {
    found.push(refusal(at, 'max-properties', `may have more than ${maximum} properties`, { keyword: 'maxProperties' }));
  }
  found.push(...propertyRefusals(at));
  if (keywords['propertyNames'] !== undefined && !namesFit(at, child(reader, 'propertyNames'))) {
    const clause = 'may have property names that are not accepted';
    found.push(refusal(at, 'property-names', clause, { keyword: 'propertyNames' }));
  }
  for (const keyword of ['dependencies', 'dependentRequired', 'dependentSchemas']) {
    for (const { name, node } of children(reader, keyword)) {
      const withName = { ...documents, all: [...documents.all, inventedSchema(reader, { required: [name] })] };
      if (!Array.isArray(node.value)) {
        found.push(...comparer.check(withName, node, path));
        continue;
      }
      const together = factsOf(withName);
      const lacking = textsOf(node.value).filter((other) => !together.required.has(other));
      if (!together.possible || lacking.length === 0) continue;
      const clause = `may have \`${name}\` without ${listedBriefly(lacking.map((each) => `\`${each}\``))}, which it requires`;
      found.push(refusal(at, 'dependency', clause, { keyword }));
    }
  }
  return found;
}

function namesFit({ facts, path, comparer }: Comparison, wanted: SchemaNode): boolean {
  const names = facts.parts.filter((part) => keywordsOf(part)['propertyNames'] !== undefined).map((part) => child(part, 'propertyNames'));
  if (names.length > 0) {
    const text = inventedSchema(wanted, { type: 'string' });
    if (comparer.check(valuesOf(...names, text), wanted, path).length === 0) return true;
  }
  return facts.parts.some((part) => {
    const { additionalProperties, patternProperties, properties } = keywordsOf(part);
    if (additionalProperties !== false || patternProperties !== undefined) return false;
    return Object.keys(isObject(properties) ? properties : {}).every((name) => isValid(wanted, name) === true);
  });
}
