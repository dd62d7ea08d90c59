import type { Comparison } from './comparison';
import { propertySchemas, valuesOf } from './facts';
import { evaluatedProperties, regularExpression } from './keywords';
import { refusal, type Refusal } from './refusal';
import { child, children, isObject, keywordsOf, type SchemaNode } from './schema-bundle';

const combinationLimit = 32;

/** What `properties`, `patternProperties`, `additionalProperties` and `unevaluatedProperties` refuse. */
export function propertyRefusals(at: Comparison): Refusal[] {
  const { facts, reader, path, comparer } = at;
  const keywords = keywordsOf(reader);
  const found: Refusal[] = [];
  const own = isObject(keywords['properties']) ? Object.keys(keywords['properties']) : [];
  const patterns = children(reader, 'patternProperties');
  const evaluated = evaluatedProperties(reader);
  const isLeftOver = keywords['additionalProperties'] === undefined && keywords['unevaluatedProperties'] !== undefined;
  const restKeyword = isLeftOver ? 'unevaluatedProperties' : 'additionalProperties';
  const rest = keywords[restKeyword] === undefined ? undefined : child(reader, restKeyword);
  if (isLeftOver && !evaluated.complete && rest?.value !== true) {
    const clause = 'may have properties that no schema describes';
    found.push(refusal(at, 'unevaluated', clause, { keyword: restKeyword, certain: false }));
  }
  const isCovered = (name: string) =>
    isLeftOver
      ? evaluated.names.has(name) || [...evaluated.patterns].some((pattern) => regularExpression(pattern)?.test(name) !== false)
      : own.includes(name) || patterns.some((pattern) => regularExpression(pattern.name)?.test(name));
  const declared = new Set(facts.parts.flatMap((part) => Object.keys(asObject(keywordsOf(part)['properties']))));
  for (const name of new Set([...own, ...declared, ...facts.required])) {
    const schemas = propertySchemas(facts, name);
    const wanted = [
      ...(own.includes(name) ? [child(reader, 'properties', name)] : []),
      ...patterns.filter((pattern) => regularExpression(pattern.name)?.test(name) !== false).map(({ node }) => node),
      ...(rest && !isCovered(name) ? [rest] : []),
    ];
    for (const schema of wanted) {
      const inside = [...path, name];
      const refused = comparer.check(valuesOf(...schemas), schema, inside);
      if (refused.length === 0) continue;
      const place = { keyword: undefined, document: schemas[0] };
      if (schema.value === false || (schema === rest && rest.value === false)) {
        const shown = schema === rest ? { ...place, keyword: restKeyword, at: reader } : { ...place, at: schema };
        found.push(refusal({ ...at, path: inside }, 'closed', 'may be present, but no such property is accepted', shown));
      } else if (declared.has(name) || schema === rest) found.push(...refused);
      else if (schemas.length === 0) {
        const clause = 'is not described, but only some values are accepted';
        found.push(refusal({ ...at, path: inside }, 'open', clause, { ...place, at: schema, certain: false }));
      } else {
        const clause = 'fits only a general rule, which allows more than is accepted';
        found.push(refusal({ ...at, path: inside }, 'partially-open', clause, { ...place, at: schema, more: inner('It', refused[0]) }));
      }
    }
  }
  for (const { name: pattern, node } of patterns) {
    const choices = facts.parts.map((part) => choicesFor(part, (other) => other === pattern));
    found.push(...restRefusals(at, choices, node, { keyword: 'patternProperties' }));
  }
  if (rest) {
    const known = isLeftOver ? evaluated.patterns : new Set(patterns.map(({ name }) => name));
    // An empty pattern covers every name: nothing is left over.
    const isIdle = known.has('');
    const choices = facts.parts.map((part) => choicesFor(part, undefined, known));
    if (!isIdle) found.push(...restRefusals(at, choices, rest, { keyword: restKeyword }));
  }
  return found;
}

/** Properties that nobody names: one choice of schemas for each part of the documents' schema. */
function restRefusals(
  at: Comparison,
  choices: readonly (readonly (readonly SchemaNode[])[])[],
  wanted: SchemaNode,
  place: { readonly keyword: string },
): Refusal[] {
  let combinations: (readonly SchemaNode[])[] = [[]];
  for (const options of choices) {
    combinations = combinations.flatMap((each) => options.map((option) => [...each, ...option]));
    if (combinations.length > combinationLimit) {
      return [refusal(at, 'size', 'has too many patterns of properties to compare', { ...place, certain: false })];
    }
  }
  const refused = combinations.flatMap((each) => at.comparer.check(valuesOf(...each), wanted, [...at.path, '*']));
  const [first] = refused;
  if (!first) return [];
  const clause =
    wanted.value === false ? 'may have undescribed properties, which are not accepted' : 'may have other properties that are not accepted';
  const more = wanted.value === false ? undefined : inner('Such a property', first);
  return [
    refusal(at, 'additional-properties', clause, {
      ...place,
      certain: refused.some(({ certain }) => certain),
      more,
    }),
  ];
}

/**
 * The schemas that one part may set for a property that nobody names. With `isMatched` it is known that the name fits those patterns;
 * names that fit `covered` patterns are somebody else's.
 */
function choicesFor(
  part: SchemaNode,
  isMatched: ((pattern: string) => boolean) | undefined,
  covered: ReadonlySet<string> = new Set(),
): (readonly SchemaNode[])[] {
  const { additionalProperties, unevaluatedProperties } = keywordsOf(part);
  const patterns = children(part, 'patternProperties');
  const certain = isMatched && patterns.find(({ name }) => isMatched(name));
  if (certain) return [[certain.node]];
  const possible = patterns.filter(({ name }) => !covered.has(name)).map(({ node }) => [node]);
  if (additionalProperties !== undefined) return [[child(part, 'additionalProperties')], ...possible];
  if (unevaluatedProperties === undefined) return [[], ...possible];
  const open = [...evaluatedProperties(part).patterns].some((pattern) => !covered.has(pattern) && !isMatched?.(pattern));
  const isSure = !open && !(isMatched && evaluatedProperties(part).patterns.size > 0);
  return [isSure ? [child(part, 'unevaluatedProperties')] : [], ...possible];
}

/** What a refusal inside says, as a sentence of its own. */
function inner(subject: string, refused: Refusal | undefined): string | undefined {
  return refused && `${subject} ${refused.clause}.`;
}

function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
