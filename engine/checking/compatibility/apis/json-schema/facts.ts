import { evaluatedProperties, numberOf, regularExpression, textsOf, tupleOf } from './keywords';
import { isSame } from './same-schema';
import { child, children, isObject, keywordsOf, referenced, type SchemaNode } from './schema-bundle';
import { isValid } from './valid-value';

/** `fraction`: a number that is no integer. */
const valueTypes = ['null', 'boolean', 'integer', 'fraction', 'string', 'array', 'object'] as const;
export type ValueType = (typeof valueTypes)[number];

/** Values that are valid under all of some schemas and under none of others. */
export interface Values {
  readonly all: readonly SchemaNode[];
  readonly none: readonly SchemaNode[];
  /** Alternatives of which one has been chosen, by `file#pointer keyword`. */
  readonly chosen: ReadonlySet<string>;
}

/** What is known of values. Everything that is left out of it only makes more values possible. */
export interface Facts {
  /** The schemas that all hold, with those of `allOf` and `$ref`. */
  readonly parts: readonly SchemaNode[];
  readonly none: readonly SchemaNode[];
  readonly types: ReadonlySet<ValueType>;
  /** Every value that is possible, where they can be counted. */
  readonly values: readonly unknown[] | undefined;
  readonly required: ReadonlySet<string>;
  /** Cases of which at least one holds. */
  readonly alternatives: readonly { readonly key: string; readonly cases: readonly Values[] }[];
  /** False where no value is possible for certain. */
  readonly possible: boolean;
}

const nothingChosen: ReadonlySet<string> = new Set();

export function valuesOf(...all: SchemaNode[]): Values {
  return { all, none: [], chosen: nothingChosen };
}

/** A schema that is not written anywhere, shown at the place of one that is. */
export function inventedSchema(at: SchemaNode, value: Record<string, unknown>): SchemaNode {
  return { ...at, pointer: `${at.pointer}/~${JSON.stringify(value)}`, value };
}

export function keyOf({ file, pointer }: SchemaNode): string {
  return `${file}#${pointer}`;
}

export function typesOf(value: unknown): ReadonlySet<ValueType> {
  if (value === undefined) return new Set(valueTypes);
  return new Set(textsOf(value).flatMap((type): ValueType[] => (type === 'number' ? ['integer', 'fraction'] : [type as ValueType])));
}

/** @param effort how many times it is looked into properties and alternatives */
export function factsOf({ all, none: excluded, chosen }: Values, depth = 0, effort = { left: 40 }): Facts {
  const parts: SchemaNode[] = [];
  const none = [...excluded];
  const alternatives: { key: string; cases: Values[] }[] = [];
  const seen = new Set<string>();
  const required = new Set<string>();
  let possible = true;
  const add = (node: SchemaNode): void => {
    if (node.value === false) possible = false;
    if (!isObject(node.value) || seen.has(keyOf(node))) return;
    seen.add(keyOf(node));
    const keywords = keywordsOf(node);
    if (typeof keywords['$ref'] === 'string') {
      const target = referenced(node, keywords['$ref']);
      if (target) add(target);
      if (node.bundle.refStandsAlone) {
        if (!target) parts.push(node);
        return;
      }
    }
    parts.push(node);
    for (const name of textsOf(keywords['required'])) required.add(name);
    for (const part of children(node, 'allOf')) add(part.node);
    if (keywords['not'] !== undefined) none.push(child(node, 'not'));
    for (const alternative of alternativesOf(node)) if (!chosen.has(alternative.key)) alternatives.push(alternative);
  };
  for (const node of all) add(node);
  addDependencies(parts, required, add);

  const types = new Set(valueTypes);
  for (const part of parts) {
    const allowed = typesOf(keywordsOf(part)['type']);
    for (const type of types) if (!allowed.has(type)) types.delete(type);
    const divisor = numberOf(keywordsOf(part)['multipleOf']);
    if (divisor !== undefined && Number.isInteger(divisor)) types.delete('fraction');
  }
  const facts = { parts, none, types, values: undefined, required, alternatives, possible };
  for (const schema of none) {
    const keywords = Object.keys(keywordsOf(schema));
    if (schema.value === true || (isObject(schema.value) && keywords.length === 0)) return { ...facts, possible: false };
    if (keywords.length === 1 && keywords[0] === 'type') for (const type of typesOf(keywordsOf(schema)['type'])) types.delete(type);
    if (
      keywords.length === 1 &&
      keywords[0] === 'required' &&
      textsOf(keywordsOf(schema)['required']).every((name) => required.has(name))
    ) {
      types.delete('object');
    }
    if (parts.some((part) => isSame(part, schema))) return { ...facts, possible: false };
  }
  if (!possible) return facts;
  for (const type of impossibleTypes(facts, depth, effort)) types.delete(type);
  const values = countedValues(facts, all);
  const isEmpty = types.size === 0 || values?.length === 0;
  return { ...facts, values, possible: !isEmpty };
}

/** True where no value can be in them for certain. */
export function isEmpty(values: Values, depth = 0, effort = { left: 40 }): boolean {
  if (effort.left-- <= 0) return false;
  const facts = factsOf(values, depth, effort);
  if (!facts.possible) return true;
  if (depth > 3) return false;
  return facts.alternatives.some(({ key, cases }) =>
    cases.every((each) =>
      isEmpty(
        { all: [...values.all, ...each.all], none: [...values.none, ...each.none], chosen: new Set([...values.chosen, key]) },
        depth + 1,
        effort,
      ),
    ),
  );
}

function alternativesOf(node: SchemaNode): { key: string; cases: Values[] }[] {
  const keywords = keywordsOf(node);
  const found: { key: string; cases: Values[] }[] = [];
  const key = (keyword: string) => `${keyOf(node)} ${keyword}`;
  const anyOf = children(node, 'anyOf').map((each) => each.node);
  if (Array.isArray(keywords['anyOf'])) found.push({ key: key('anyOf'), cases: anyOf.map((each) => valuesOf(each)) });
  const oneOf = children(node, 'oneOf').map((each) => each.node);
  if (Array.isArray(keywords['oneOf'])) {
    const cases = oneOf.map((each) => ({ ...valuesOf(each), none: oneOf.filter((other) => other !== each) }));
    found.push({ key: key('oneOf'), cases });
  }
  if (keywords['if'] !== undefined && (keywords['then'] !== undefined || keywords['else'] !== undefined)) {
    const condition = child(node, 'if');
    const branch = (keyword: string) => (keywords[keyword] === undefined ? [] : [child(node, keyword)]);
    found.push({
      key: key('if'),
      cases: [valuesOf(condition, ...branch('then')), { ...valuesOf(...branch('else')), none: [condition] }],
    });
  }
  return found;
}

/** What required properties bring with them. */
function addDependencies(parts: readonly SchemaNode[], required: Set<string>, add: (node: SchemaNode) => void): void {
  for (let before = -1; before !== required.size + parts.length;) {
    before = required.size + parts.length;
    for (const part of [...parts]) {
      for (const keyword of ['dependencies', 'dependentRequired', 'dependentSchemas']) {
        for (const { name, node } of children(part, keyword)) {
          if (!required.has(name)) continue;
          if (Array.isArray(node.value)) for (const other of textsOf(node.value)) required.add(other);
          else add(node);
        }
      }
    }
  }
}

function countedValues({ parts, none, types }: Facts, all: readonly SchemaNode[]): unknown[] | undefined {
  const lists = parts.flatMap((part) => {
    const keywords = keywordsOf(part);
    const constant = 'const' in keywords ? [[keywords['const']]] : [];
    return Array.isArray(keywords['enum']) ? [...constant, keywords['enum'] as unknown[]] : constant;
  });
  const [first] = lists.sort((a, b) => a.length - b.length);
  const few = [...types].every((type) => type === 'boolean' || type === 'null');
  const candidates = first ?? (few ? [...(types.has('boolean') ? [true, false] : []), ...(types.has('null') ? [null] : [])] : undefined);
  return candidates?.filter(
    (value) => all.every((node) => isValid(node, value) !== false) && none.every((node) => isValid(node, value) !== true),
  );
}

function impossibleTypes(facts: Facts, depth: number, effort: { left: number }): ValueType[] {
  const found: ValueType[] = [];
  const low = lowest(facts);
  const high = highest(facts);
  if (low && high && (low.limit > high.limit || (low.limit === high.limit && (low.exclusive || high.exclusive)))) {
    found.push('integer', 'fraction');
  }
  if (least(facts, 'minLength') > most(facts, 'maxLength')) found.push('string');
  if (least(facts, 'minItems') > most(facts, 'maxItems')) found.push('array');
  if (depth > 3) return found;
  const fewest = Math.max(least(facts, 'minProperties'), facts.required.size);
  const hasImpossibleProperty = () =>
    [...facts.required].some((name) => isEmpty(valuesOf(...propertySchemas(facts, name)), depth + 1, effort));
  if (fewest > most(facts, 'maxProperties') || (facts.types.has('object') && hasImpossibleProperty())) found.push('object');
  return found;
}

/** A bound of numbers, with the schema that sets it. */
export interface Bound {
  readonly limit: number;
  readonly exclusive: boolean;
}

export function lowest({ parts }: Pick<Facts, 'parts'>): Bound | undefined {
  return strictest(parts, 'minimum', 'exclusiveMinimum', (a, b) => a - b);
}

export function highest({ parts }: Pick<Facts, 'parts'>): Bound | undefined {
  return strictest(parts, 'maximum', 'exclusiveMaximum', (a, b) => b - a);
}

function strictest(
  parts: readonly SchemaNode[],
  keyword: string,
  exclusive: string,
  order: (a: number, b: number) => number,
): Bound | undefined {
  const bounds = parts.flatMap((part): Bound[] => {
    const [limit, strict] = [numberOf(keywordsOf(part)[keyword]), numberOf(keywordsOf(part)[exclusive])];
    return [
      ...(limit === undefined ? [] : [{ limit, exclusive: false }]),
      ...(strict === undefined ? [] : [{ limit: strict, exclusive: true }]),
    ];
  });
  return bounds.sort((a, b) => order(b.limit, a.limit) || Number(b.exclusive) - Number(a.exclusive))[0];
}

/** The greatest of a lower limit; 0 without one. */
export function least({ parts }: Pick<Facts, 'parts'>, keyword: string): number {
  return Math.max(0, ...parts.map((part) => numberOf(keywordsOf(part)[keyword]) ?? 0));
}

/** The smallest of an upper limit; infinite without one. */
export function most({ parts }: Pick<Facts, 'parts'>, keyword: string): number {
  const limits = parts.map((part) => numberOf(keywordsOf(part)[keyword]) ?? Infinity);
  if (keyword === 'maxItems') limits.push(...parts.map(closedLength));
  if (keyword === 'maxProperties') limits.push(...parts.map(closedSize));
  return Math.min(Infinity, ...limits);
}

function closedLength(part: SchemaNode): number {
  const { prefix, rest } = tupleOf(part);
  const closed = prefix.findIndex(({ value }) => value === false);
  return closed >= 0 ? closed : rest?.value === false ? prefix.length : Infinity;
}

function closedSize(part: SchemaNode): number {
  const { properties, additionalProperties, patternProperties } = keywordsOf(part);
  if (additionalProperties !== false || (isObject(patternProperties) && Object.keys(patternProperties).length > 0)) return Infinity;
  return isObject(properties) ? Object.keys(properties).length : 0;
}

/** The schemas that the value of a property must fit. */
export function propertySchemas({ parts }: Pick<Facts, 'parts'>, name: string): SchemaNode[] {
  return parts.flatMap((part) => schemasFor(part, name) ?? []);
}

/** The schemas of one part for a property; undefined where this cannot be told. */
function schemasFor(part: SchemaNode, name: string): SchemaNode[] | undefined {
  const { properties, additionalProperties, unevaluatedProperties } = keywordsOf(part);
  const found: SchemaNode[] = [];
  let isUnclear = false;
  if (isObject(properties) && Object.hasOwn(properties, name)) found.push(child(part, 'properties', name));
  for (const { name: pattern, node } of children(part, 'patternProperties')) {
    const matches = regularExpression(pattern)?.test(name);
    if (matches === true) found.push(node);
    isUnclear ||= matches === undefined;
  }
  if (found.length === 0 && !isUnclear) {
    if (additionalProperties !== undefined) found.push(child(part, 'additionalProperties'));
    else if (unevaluatedProperties !== undefined) {
      const { names, patterns } = evaluatedProperties(part);
      const isEvaluated = names.has(name) || [...patterns].some((pattern) => regularExpression(pattern)?.test(name) !== false);
      if (!isEvaluated) found.push(child(part, 'unevaluatedProperties'));
    }
  }
  return found.length === 0 && isUnclear ? undefined : found;
}

/** The schemas that the item at a place of a list must fit. */
export function itemSchemas({ parts }: Pick<Facts, 'parts'>, index: number): SchemaNode[] {
  return parts.flatMap((part) => {
    const { prefix, rest } = tupleOf(part);
    const schema = prefix[index] ?? rest;
    return schema ? [schema] : [];
  });
}
