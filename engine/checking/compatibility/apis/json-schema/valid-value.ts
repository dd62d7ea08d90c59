import { evaluatedProperties, numberOf, regularExpression, textsOf, tupleOf } from './keywords';
import { isEqual } from './same-schema';
import { child, children, isObject, keywordsOf, referenced, type SchemaNode } from './schema-bundle';

/** Whether a value is valid; undefined where this cannot be told. */
type Verdict = boolean | undefined;

/**
 * Holds a value against a schema. Formats are words; what is outside of the bundle cannot be told.
 * @param effort how many schemas are looked at before it is given up
 */
export function isValid(node: SchemaNode, value: unknown, effort = { left: 5000 }, depth = 0): Verdict {
  if (node.value === true || node.value === undefined) return true;
  if (node.value === false) return false;
  if (depth > 40 || effort.left-- <= 0) return undefined;
  const inner = (schema: SchemaNode, part: unknown) => isValid(schema, part, effort, depth + 1);
  const verdicts: Verdict[] = [];
  const keywords = keywordsOf(node);
  if (typeof keywords['$ref'] === 'string') {
    const target = referenced(node, keywords['$ref']);
    verdicts.push(target ? inner(target, value) : undefined);
    if (node.bundle.refStandsAlone) return all(verdicts);
  }
  if (keywords['$dynamicRef'] !== undefined || keywords['$recursiveRef'] !== undefined) verdicts.push(undefined);
  if (keywords['type'] !== undefined) verdicts.push(textsOf(keywords['type']).some((type) => hasType(value, type)));
  if (Array.isArray(keywords['enum'])) verdicts.push(keywords['enum'].some((each) => isEqual(each, value)));
  if ('const' in keywords) verdicts.push(isEqual(keywords['const'], value));
  verdicts.push(...children(node, 'allOf').map((each) => inner(each.node, value)));
  if (keywords['anyOf'] !== undefined) verdicts.push(any(children(node, 'anyOf').map((each) => inner(each.node, value))));
  if (keywords['oneOf'] !== undefined) verdicts.push(one(children(node, 'oneOf').map((each) => inner(each.node, value))));
  if (keywords['not'] !== undefined) verdicts.push(opposite(inner(child(node, 'not'), value)));
  if (keywords['if'] !== undefined) {
    const applies = inner(child(node, 'if'), value);
    if (applies !== false) verdicts.push(weakened(inner(child(node, 'then'), value), applies));
    if (applies !== true) verdicts.push(weakened(inner(child(node, 'else'), value), opposite(applies)));
  }
  if (typeof value === 'number') verdicts.push(...numberVerdicts(keywords, value));
  if (typeof value === 'string') verdicts.push(...textVerdicts(keywords, value));
  if (Array.isArray(value)) verdicts.push(...listVerdicts(node, value, inner));
  else if (isObject(value)) verdicts.push(...objectVerdicts(node, value, inner));
  return all(verdicts);
}

type Inner = (schema: SchemaNode, part: unknown) => Verdict;

function hasType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value);
  if (type === 'object') return isObject(value);
  return typeof value === type;
}

function numberVerdicts(keywords: Readonly<Record<string, unknown>>, value: number): Verdict[] {
  const bound = (key: string, holds: (limit: number) => boolean): Verdict => {
    const limit = numberOf(keywords[key]);
    return limit === undefined || holds(limit);
  };
  return [
    bound('minimum', (limit) => value >= limit),
    bound('maximum', (limit) => value <= limit),
    bound('exclusiveMinimum', (limit) => value > limit),
    bound('exclusiveMaximum', (limit) => value < limit),
    bound('multipleOf', (limit) => Number.isInteger(value / limit)),
  ];
}

function textVerdicts(keywords: Readonly<Record<string, unknown>>, value: string): Verdict[] {
  const length = [...value].length;
  const pattern = typeof keywords['pattern'] === 'string' ? regularExpression(keywords['pattern']) : null;
  return [
    length >= (numberOf(keywords['minLength']) ?? 0),
    length <= (numberOf(keywords['maxLength']) ?? Infinity),
    pattern === null ? true : pattern?.test(value),
  ];
}

function listVerdicts(node: SchemaNode, value: readonly unknown[], inner: Inner): Verdict[] {
  const keywords = keywordsOf(node);
  const { prefix, rest } = tupleOf(node);
  const verdicts: Verdict[] = [
    value.length >= (numberOf(keywords['minItems']) ?? 0),
    value.length <= (numberOf(keywords['maxItems']) ?? Infinity),
    ...value.map((item, index) => {
      const schema = prefix[index] ?? rest;
      return schema ? inner(schema, item) : true;
    }),
  ];
  if (keywords['uniqueItems'] === true) verdicts.push(value.every((item, at) => value.findIndex((other) => isEqual(item, other)) === at));
  if (keywords['contains'] !== undefined) {
    const found = value.map((item) => inner(child(node, 'contains'), item));
    const count = found.filter((each) => each === true).length;
    if (found.includes(undefined)) verdicts.push(undefined);
    else verdicts.push(count >= (numberOf(keywords['minContains']) ?? 1) && count <= (numberOf(keywords['maxContains']) ?? Infinity));
  }
  if (keywords['unevaluatedItems'] !== undefined && keywords['unevaluatedItems'] !== true) verdicts.push(undefined);
  return verdicts;
}

function objectVerdicts(node: SchemaNode, value: Record<string, unknown>, inner: Inner): Verdict[] {
  const keywords = keywordsOf(node);
  const names = Object.keys(value);
  const verdicts: Verdict[] = [
    names.length >= (numberOf(keywords['minProperties']) ?? 0),
    names.length <= (numberOf(keywords['maxProperties']) ?? Infinity),
    ...textsOf(keywords['required']).map((name) => Object.hasOwn(value, name)),
  ];
  for (const name of names) {
    const properties = keywords['properties'];
    const isNamed = isObject(properties) && Object.hasOwn(properties, name);
    if (isNamed) verdicts.push(inner(child(node, 'properties', name), value[name]));
    const matches = children(node, 'patternProperties').map(({ name: pattern, node: schema }) => {
      const matched = regularExpression(pattern)?.test(name);
      verdicts.push(matched === true ? inner(schema, value[name]) : matched === undefined ? undefined : true);
      return matched;
    });
    if (!isNamed && !matches.includes(true)) verdicts.push(inner(child(node, 'additionalProperties'), value[name]));
    if (keywords['propertyNames'] !== undefined) verdicts.push(inner(child(node, 'propertyNames'), name));
  }
  if (keywords['unevaluatedProperties'] !== undefined) {
    const { names: known, patterns, complete } = evaluatedProperties(node);
    const isKnown = (name: string) => known.has(name) || [...patterns].some((pattern) => regularExpression(pattern)?.test(name));
    const others = names.filter((name) => !isKnown(name));
    verdicts.push(complete ? all(others.map((name) => inner(child(node, 'unevaluatedProperties'), value[name]))) : undefined);
  }
  for (const keyword of ['dependencies', 'dependentRequired', 'dependentSchemas']) {
    for (const { name, node: dependency } of children(node, keyword)) {
      if (!Object.hasOwn(value, name)) continue;
      if (Array.isArray(dependency.value)) verdicts.push(textsOf(dependency.value).every((each) => Object.hasOwn(value, each)));
      else verdicts.push(inner(dependency, value));
    }
  }
  return verdicts;
}

function all(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes(false) ? false : verdicts.includes(undefined) ? undefined : true;
}

function any(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes(true) ? true : verdicts.includes(undefined) ? undefined : false;
}

function one(verdicts: readonly Verdict[]): Verdict {
  const count = verdicts.filter((each) => each === true).length;
  if (count > 1) return false;
  return verdicts.includes(undefined) ? undefined : count === 1;
}

function opposite(verdict: Verdict): Verdict {
  return verdict === undefined ? undefined : !verdict;
}

/** What follows where it is not known whether a condition holds. */
function weakened(verdict: Verdict, applies: Verdict): Verdict {
  return applies === true || verdict === true ? verdict : undefined;
}
