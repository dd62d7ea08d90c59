import { isObject, referenced, type SchemaNode } from './schema-bundle';

/** Keywords that do not decide what is valid. `$defs` only matter where something refers to them. */
const annotations = new Set([
  '$schema',
  '$id',
  '$anchor',
  '$dynamicAnchor',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'examples',
  'example',
  'deprecated',
  'readOnly',
  'writeOnly',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
  '$vocabulary',
]);

function isAnnotation(keyword: string): boolean {
  return annotations.has(keyword) || keyword.startsWith('x-');
}

/** Answers of earlier calls, by pairs of places. */
export interface SameMemory {
  readonly same: Set<string>;
  readonly different: Set<string>;
}

/** True when two schemas are written the same, words aside; `$ref` is followed. */
export function isSame(a: SchemaNode, b: SchemaNode, memory: SameMemory = { same: new Set(), different: new Set() }): boolean {
  const key = pairOf(a, b);
  if (memory.same.has(key)) return true;
  if (memory.different.has(key)) return false;
  // A pair that leads back to itself is the same when nothing else differs, and everything on the way must be the same.
  const seen = new Set([key]);
  const result = sameValues(a, a.value, b, b.value, { seen, memory }, true);
  if (result) for (const each of seen) memory.same.add(each);
  else memory.different.add(key);
  return result;
}

function pairOf(a: SchemaNode, b: SchemaNode): string {
  return `${a.file}#${a.pointer} ${b.file}#${b.pointer}`;
}

interface Seen {
  readonly seen: Set<string>;
  readonly memory: SameMemory;
}

function sameValues(a: SchemaNode, x: unknown, b: SchemaNode, y: unknown, seen: Seen, isSchema: boolean): boolean {
  if (Array.isArray(x) && Array.isArray(y)) {
    return x.length === y.length && x.every((each, index) => sameValues(a, each, b, (y as unknown[])[index], seen, isSchema));
  }
  if (!isObject(x) || !isObject(y)) return x === y;
  const relevant = (value: Record<string, unknown>) => Object.keys(value).filter((key) => !isSchema || !isAnnotation(key));
  const keys = relevant(x);
  if (keys.length !== relevant(y).length) return false;
  return keys.every((key) => {
    if (!Object.hasOwn(y, key)) return false;
    if (isSchema && key === '$ref' && typeof x[key] === 'string' && typeof y[key] === 'string')
      return sameTargets(a, x[key], b, y[key], seen);
    if (isSchema && mapsOfSchemas.has(key) && isObject(x[key]) && isObject(y[key])) return sameMaps(a, x[key], b, y[key], seen);
    return sameValues(a, x[key], b, y[key], seen, isSchema && key !== 'enum' && key !== 'const');
  });
}

const mapsOfSchemas = new Set(['properties', 'patternProperties', 'dependentSchemas', 'dependencies']);

/** Names of properties are no keywords, whatever they are. */
function sameMaps(a: SchemaNode, x: Record<string, unknown>, b: SchemaNode, y: Record<string, unknown>, seen: Seen): boolean {
  const names = Object.keys(x);
  return (
    names.length === Object.keys(y).length &&
    names.every((name) => Object.hasOwn(y, name) && sameValues(a, x[name], b, y[name], seen, true))
  );
}

function sameTargets(a: SchemaNode, x: string, b: SchemaNode, y: string, seen: Seen): boolean {
  const [from, to] = [referenced(a, x), referenced(b, y)];
  if (!from || !to) return !from && !to && x === y;
  const key = pairOf(from, to);
  if (seen.seen.has(key) || seen.memory.same.has(key)) return true;
  if (seen.memory.different.has(key)) return false;
  seen.seen.add(key);
  return sameValues(from, from.value, to, to.value, seen, true);
}

export function isEqual(x: unknown, y: unknown): boolean {
  if (Array.isArray(x) && Array.isArray(y))
    return x.length === y.length && x.every((each, index) => isEqual(each, (y as unknown[])[index]));
  if (!isObject(x) || !isObject(y)) return x === y;
  const keys = Object.keys(x);
  return keys.length === Object.keys(y).length && keys.every((key) => Object.hasOwn(y, key) && isEqual(x[key], y[key]));
}
