import { type Fields, isObject, type Part } from './description';

/** One value that an enum or a const allows. */
interface AllowedValue {
  readonly text: string;
  readonly part: Part;
}

/**
 * What a schema says once its `$ref` and all its `allOf` are put together, and null is told apart from the other types,
 * whichever of the ways of OpenAPI 3.0 and 3.1 the schema uses. Nothing below is expanded, so recursion is no danger.
 */
export interface SchemaView {
  readonly part: Part;
  /** The schema itself, what its `$ref` leads to, and the members of `allOf`, in order. */
  readonly facets: readonly Part[];
  /** Without null; undefined when any type will do. A number is both `number` and `integer`. */
  readonly types: ReadonlySet<string> | undefined;
  readonly nullable: boolean;
  /** Of several declarations of a property, the one that says most. */
  readonly properties: ReadonlyMap<string, Part>;
  /** Every declaration of the properties that several members of `allOf` declare. */
  readonly declarations: ReadonlyMap<string, readonly Part[]>;
  /** Name to the item of the list `required`. */
  readonly required: ReadonlyMap<string, Part>;
  readonly values: { readonly keyword: 'enum' | 'const'; readonly list: readonly AllowedValue[]; readonly part: Part } | undefined;
  /** The alternatives of `oneOf` or `anyOf`, without null. */
  readonly alternatives: readonly { readonly part: Part; readonly members: readonly Part[] }[];
  /** Where a keyword is, in the first facet that has it. */
  at(keyword: string): Part | undefined;
}

const views = new WeakMap<object, Map<number | string, SchemaView>>();

export function schemaView(schema: Part): SchemaView {
  const part = standsFor(schema);
  const { description } = part;
  const known = views.get(description) ?? new Map<number | string, SchemaView>();
  views.set(description, known);
  const before = known.get(part.key);
  if (before) return before;
  const view = makeView(part);
  known.set(part.key, view);
  return view;
}

/** A `$ref` with nothing else beside it but words stands for its target; otherwise the part stands for itself. */
export function standsFor(part: Part): Part {
  let at = part;
  for (let step = 0; step < 100; step++) {
    const { $ref } = at.fields;
    if (typeof $ref !== 'string' || Object.keys(at.fields).some((key) => key !== '$ref' && !words.has(key))) return at;
    const target = at.description.target(at, $ref);
    if (!target || target.value === at.value) return at;
    at = target;
  }
  return at;
}

const words = new Set(['summary', 'description', 'title', 'example', 'examples', 'externalDocs', '$comment']);

function makeView(part: Part): SchemaView {
  const { facets, nullable: nullableOutside, groups, constants } = flattened(part);
  const at = (keyword: string) => facets.find((facet) => facet.fields[keyword] !== undefined)?.get(keyword);
  const properties = new Map<string, Part>();
  const declarations = new Map<string, Part[]>();
  const required = new Map<string, Part>();
  for (const facet of facets) {
    for (const property of facet.get('properties')?.children ?? []) {
      const other = properties.get(property.name);
      if (other) declarations.set(property.name, [...(declarations.get(property.name) ?? [other]), property]);
      if (!other || weight(property) > weight(other)) properties.set(property.name, property);
    }
    for (const item of facet.get('required')?.children ?? []) if (typeof item.value === 'string') required.set(item.value, item);
  }
  const values = allowedValues(facets) ?? constantsOf(constants);
  const declared = facets.flatMap((facet) => {
    const types = typesOf(facet.fields);
    return types ? [types] : [];
  });
  const spoken = declared.map((types) => new Set([...types].filter((type) => type !== 'null')));
  const types = spoken.reduce<ReadonlySet<string> | undefined>(
    (all, some) => (all ? new Set([...all].filter((type) => some.has(type))) : some),
    undefined,
  );
  const nullable =
    nullableOutside ||
    facets.some((facet) => facet.fields.nullable === true) ||
    (declared.length > 0 && declared.every((some) => some.has('null')));
  return {
    part,
    facets,
    types: types ?? impliedTypes(facets, values?.list),
    nullable,
    properties,
    declarations,
    required,
    values,
    alternatives: groups,
    at,
  };
}

function weight(part: Part): number {
  return Object.keys(part.fields).filter((key) => !words.has(key)).length;
}

/** Gathers the facets; an alternative that only says null makes nullable, and one that is left alone is no alternative. */
function flattened(part: Part) {
  const facets: Part[] = [];
  const groups: { part: Part; members: Part[] }[] = [];
  const seen = new Set<unknown>();
  const constants: Part[] = [];
  let nullable = false;
  const waiting = [part];
  for (let facet = waiting.shift(); facet; facet = waiting.shift()) {
    if (seen.has(facet.value)) continue;
    seen.add(facet.value);
    facets.push(facet);
    const { $ref } = facet.fields;
    const target = typeof $ref === 'string' ? facet.description.target(facet, $ref) : undefined;
    const next = [...(target ? [target] : []), ...(facet.get('allOf')?.children ?? [])];
    for (const keyword of ['oneOf', 'anyOf']) {
      const group = facet.get(keyword);
      const all = group?.children ?? [];
      const members = all.filter((member) => !isNull(member));
      nullable ||= members.length < all.length;
      if (group && members.every(isConstant)) constants.push(group);
      else if (members.length === 1) next.push(...members);
      else if (group && members.length > 1) groups.push({ part: group, members });
    }
    waiting.unshift(...next);
  }
  return { facets, groups, constants, nullable };
}

function isNull(part: Part): boolean {
  const { type, enum: values, const: constant } = part.fields;
  if (type === 'null' || constant === null) return true;
  return Array.isArray(values) && values.length === 1 && values[0] === null;
}

/** An alternative that is one value, as some write an enum with a word about each value. */
function isConstant(part: Part): boolean {
  return part.fields.const !== undefined && part.fields.properties === undefined;
}

function constantsOf(groups: readonly Part[]): SchemaView['values'] {
  const [part] = groups;
  const list = part?.children.flatMap((member) => member.get('const') ?? []).filter((item) => item.value !== null) ?? [];
  return part && { keyword: 'enum', part, list: list.map((item) => ({ text: JSON.stringify(item.value), part: item })) };
}

function typesOf(fields: Fields): ReadonlySet<string> | undefined {
  const { type } = fields;
  const names =
    typeof type === 'string' ? [type] : Array.isArray(type) ? type.filter((name): name is string => typeof name === 'string') : [];
  if (names.length === 0) return undefined;
  return new Set(names.flatMap((name) => (name === 'number' ? ['number', 'integer'] : [name])));
}

function impliedTypes(facets: readonly Part[], values: readonly AllowedValue[] | undefined): ReadonlySet<string> | undefined {
  if (values && values.length > 0) {
    return new Set(
      values.flatMap(({ part: { value } }) =>
        typeof value === 'number' ? ['number', 'integer'] : [Array.isArray(value) ? 'array' : typeof value],
      ),
    );
  }
  const has = (keyword: string) => facets.some((facet) => facet.fields[keyword] !== undefined);
  if (has('properties')) return new Set(['object']);
  return has('items') ? new Set(['array']) : undefined;
}

function allowedValues(facets: readonly Part[]): SchemaView['values'] {
  for (const facet of facets) {
    const constant = facet.get('const');
    if (constant) return { keyword: 'const', part: constant, list: [{ text: JSON.stringify(constant.value), part: constant }] };
  }
  let found: SchemaView['values'];
  for (const facet of facets) {
    const part = facet.get('enum');
    if (!part || !Array.isArray(part.value)) continue;
    const list = part.children.filter((item) => item.value !== null).map((item) => ({ text: JSON.stringify(item.value), part: item }));
    const before = found?.list.map((value) => value.text);
    found = { keyword: 'enum', part, list: before ? list.filter((value) => before.includes(value.text)) : list };
  }
  return found;
}

/** How a type reads: a number is both `number` and `integer`, which nobody wants to hear. */
export function typeText(types: ReadonlySet<string> | undefined): string {
  if (!types) return 'any type';
  const shown = [...types].filter((type) => type !== 'integer' || !types.has('number')).sort();
  return shown.length === 0 ? 'no type' : shown.join(' or ');
}

const comparedExtensions = new Set(['x-extensible-enum', 'x-sunset', 'x-stability-level']);

function isIgnored(key: string): boolean {
  return words.has(key) || (key.startsWith('x-') && !comparedExtensions.has(key));
}

const prints = new WeakMap<object, string>();

/** Equal for schemas that say the same, whatever the order of their keys and their words. References count by their text. */
export function fingerprint(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const before = prints.get(value);
  if (before !== undefined) return before;
  // An anchor of YAML can hold an alias of itself.
  prints.set(value, '');
  const made = Array.isArray(value)
    ? `[${value.map(fingerprint).join(',')}]`
    : isObject(value)
      ? `{${Object.keys(value)
          .filter((key) => typeof value[key] === 'object' || !isIgnored(key))
          .sort()
          .map((key) => `${JSON.stringify(key)}:${fingerprint(value[key])}`)
          .join(',')}}`
      : '';
  prints.set(value, made);
  return made;
}

/** Whether a schema allows everything. */
export function isAnything(part: Part): boolean {
  return part.value === true || fingerprint(part.value) === '{}';
}
