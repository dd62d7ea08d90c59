import type { z } from 'zod';
import type { ManifestPath } from './document';
import { manifestSchema } from './schema';

/** A zod schema of the manifest, looked at from outside. */
export type Schema = z.core.$ZodType;

type AnyDefinition = z.core.$ZodTypes['_zod']['def'];

function definition(schema: Schema): AnyDefinition {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** The schema without `optional`, `default` and `prefault`. */
export function unwrap(schema: Schema): Schema {
  const inner = definition(schema);
  if (inner.type === 'optional' || inner.type === 'default' || inner.type === 'prefault') return unwrap(inner.innerType);
  return schema;
}

/** The schemas that a value may fit: one, or the members of a union. */
export function alternatives(schema: Schema): Schema[] {
  const bare = unwrap(schema);
  const inner = definition(bare);
  return inner.type === 'union' ? inner.options.flatMap((option) => alternatives(option)) : [bare];
}

/** The kind of an unwrapped schema: `object`, `record`, `array`, `string`, ... */
export function kindOf(schema: Schema): AnyDefinition['type'] {
  return definition(schema).type;
}

/** The keys of an object schema with their schemas; undefined for anything else. */
export function keysOf(schema: Schema): Readonly<Record<string, Schema>> | undefined {
  const inner = definition(schema);
  return inner.type === 'object' ? inner.shape : undefined;
}

/** The schema of a record's values. */
export function recordValue(schema: Schema): Schema | undefined {
  const inner = definition(schema);
  return inner.type === 'record' ? inner.valueType : undefined;
}

/** The schema of an array's entries. */
export function arrayEntry(schema: Schema): Schema | undefined {
  const inner = definition(schema);
  return inner.type === 'array' ? inner.element : undefined;
}

/** The values that an enum or a literal allows; undefined for anything else. */
export function allowedValues(schema: Schema): readonly unknown[] | undefined {
  const inner = definition(schema);
  if (inner.type === 'enum') return Object.values(inner.entries);
  return inner.type === 'literal' ? inner.values : undefined;
}

/** True when the key may be left out. */
export function isOptional(schema: Schema): boolean {
  const type = definition(schema).type;
  return type === 'optional' || type === 'default' || type === 'prefault';
}

/** The value that stands in when the key is left out; undefined when there is none. */
export function defaultOf(schema: Schema): unknown {
  const inner = definition(schema);
  if (inner.type === 'default' || inner.type === 'prefault') return inner.defaultValue;
  return inner.type === 'optional' ? defaultOf(inner.innerType) : undefined;
}

export function descriptionOf(schema: Schema): string | undefined {
  const own = (schema as z.ZodType).description;
  if (own !== undefined) return own;
  const bare = unwrap(schema);
  return bare === schema ? undefined : (bare as z.ZodType).description;
}

/** The schemas of the value under `key` of a value that fits one of `parents`. Empty where nothing is known. */
export function childSchemas(parents: readonly Schema[], key: string | number): Schema[] {
  const found: Schema[] = [];
  for (const parent of parents.flatMap(alternatives)) {
    const shape = keysOf(parent);
    let child: Schema | undefined;
    if (shape) child = Object.hasOwn(shape, key) ? shape[key] : undefined;
    else child = typeof key === 'number' ? arrayEntry(parent) : recordValue(parent);
    if (child) found.push(child);
  }
  return found;
}

/** The schemas that the value at a path of a manifest, or of a file with another form, may fit; empty for a path that none has. */
export function schemasAt(path: ManifestPath, root: Schema = manifestSchema): Schema[] {
  return path.reduce<Schema[]>((parents, key) => childSchemas(parents, key), [root]);
}
