import { numberOf, textsOf } from '../json-schema/keywords';
import { child, children, isObject, keywordsOf, referenced, type SchemaNode } from '../json-schema/schema-bundle';
import { isValid } from '../json-schema/valid-value';
import { sampleKey } from './schema-node';

/**
 * A value that the older schema accepts and that fits several alternatives of a `oneOf` of the newer one, which therefore refuses it.
 * Typical values are tried; what is found is certain, and nothing found proves nothing.
 * @param alternatives those of the newer schema
 */
export function valueOfSeveral(older: SchemaNode, newer: SchemaNode, alternatives: readonly SchemaNode[]): { value: unknown } | undefined {
  const effort = { left: 5000 };
  const own = samplesOf(older, 0, effort);
  // Objects of an open schema fit many others, so only those that the older description has in mind count.
  const plain = alternatives.flatMap((each) => samplesOf(each, 0, effort)).filter((value) => typeof value !== 'object');
  for (const value of [...own, ...plain]) {
    if (isValid(older, value) !== true || isValid(newer, value) !== false) continue;
    if (alternatives.filter((alternative) => isValid(alternative, value) === true).length > 1) return { value };
  }
  return undefined;
}

const depthLimit = 4;
const sampleLimit = 30;

/** How many schemas are still looked at. */
interface Effort {
  left: number;
}

/** Values that a schema may have; of an object those with all of its properties. */
function samplesOf(node: SchemaNode, depth: number, effort: Effort): unknown[] {
  if (depth > depthLimit || effort.left-- <= 0) return [];
  const keywords = keywordsOf(node);
  if ('const' in keywords) return [keywords['const']];
  if (Array.isArray(keywords['enum'])) return keywords['enum'].slice(0, sampleLimit);
  const target = typeof keywords['$ref'] === 'string' ? referenced(node, keywords['$ref']) : undefined;
  const bases = [...(target ? [target] : []), ...children(node, 'allOf').map((part) => part.node)].map((base) =>
    samplesOf(base, depth + 1, effort),
  );
  const choices = ['oneOf', 'anyOf']
    .flatMap((keyword) => children(node, keyword))
    .flatMap((part) => samplesOf(part.node, depth + 1, effort));
  const own = [...plainSamples(keywords), ...listSamples(node, depth, effort), ...objectSamples(node, depth, effort)];
  const combined = combinations(own.length > 0 || bases.length > 0 ? [own, ...bases] : [choices]);
  const all = choices.length > 0 && combined.some(isObject) ? combinations([combined, choices]) : [...combined, ...choices];
  return all.slice(0, sampleLimit);
}

function plainSamples(keywords: Readonly<Record<string, unknown>>): unknown[] {
  const types = textsOf(keywords['type']);
  const bounds = [keywords['minimum'], keywords['maximum']].flatMap((bound) => numberOf(bound) ?? []);
  const given = ['default', 'example'].flatMap((keyword) => (keyword in keywords ? [keywords[keyword]] : []));
  const length = Math.min(numberOf(keywords['minLength']) ?? 1, 1000);
  return [
    ...(types.length > 0 ? given : []),
    ...types.flatMap((type): unknown[] => {
      switch (type) {
        case 'integer':
          return [1, ...bounds.map(Math.trunc)];
        case 'number':
          return [1, 1.5, ...bounds];
        case 'string':
          return [keywords[sampleKey] ?? 'a'.repeat(length)];
        case 'boolean':
          return [true, false];
        default:
          return [];
      }
    }),
  ];
}

function listSamples(node: SchemaNode, depth: number, effort: Effort): unknown[] {
  const keywords = keywordsOf(node);
  if (!textsOf(keywords['type']).includes('array')) return [];
  const items = keywords['items'] === undefined ? ['a'] : samplesOf(child(node, 'items'), depth + 1, effort);
  const count = Math.min(Math.max(numberOf(keywords['minItems']) ?? 1, 1), 10);
  return items.slice(0, 5).map((item) => Array.from({ length: count }, () => item));
}

function objectSamples(node: SchemaNode, depth: number, effort: Effort): unknown[] {
  const keywords = keywordsOf(node);
  if (!textsOf(keywords['type']).includes('object') && keywords['properties'] === undefined) return [];
  const required = new Set(textsOf(keywords['required']));
  const value: Record<string, unknown> = {};
  for (const { name, node: property } of children(node, 'properties')) {
    const [sample] = samplesOf(property, depth + 1, effort);
    if (sample !== undefined) value[name] = sample;
    required.delete(name);
  }
  for (const name of required) value[name] = 'a';
  return [value];
}

/** Objects of several parts put together; the values of the first part that has any, where they are no objects. */
function combinations(parts: readonly (readonly unknown[])[]): unknown[] {
  const filled = parts.filter((part) => part.length > 0);
  const [first = [], ...others] = filled;
  return first.flatMap((value) => {
    if (!isObject(value)) return [value];
    let made = [value];
    for (const other of others) {
      const objects = other.filter(isObject);
      if (objects.length > 0) made = made.flatMap((each) => objects.slice(0, 5).map((more) => ({ ...each, ...more })));
    }
    return made;
  });
}
