import { regularExpression } from '../json-schema/keywords';
import type { Part } from './description';
import { schemaView, type SchemaView } from './schema-view';

/**
 * How values that travel as plain text, and not as JSON, hold lists:
 * - `repeated`: each item by itself, as `p=a&p=b`
 * - `separated`: all items in one text, as `p=a,b`
 * - `form`: the body of a form, whose properties are texts
 * - `field`: a property of such a body, repeated for each item
 * - `leaf`: part of another text, where lists have no form
 */
export type TextForm = 'repeated' | 'separated' | 'form' | 'field' | 'leaf';

/** The form of what is inside of a text. An object in a field of a form is JSON. */
export function formInside(form: TextForm | undefined, inside: 'property' | 'item'): TextForm | undefined {
  if (form === 'form') return 'field';
  if (form === 'field' && inside === 'property') return undefined;
  return form && 'leaf';
}

/**
 * The form of a parameter; undefined for one whose `content` says how it is written.
 * Source: Style Values of OpenAPI 3.1, and RFC 6570 for lists in them.
 */
function formOfParameter(parameter: Part): TextForm | undefined {
  if (parameter.fields.content !== undefined) return undefined;
  const style = styleOf(parameter);
  const explode = explodes(parameter);
  if (style === 'deepObject') return 'leaf';
  return explode && (style === 'form' || style === 'matrix') ? 'repeated' : 'separated';
}

export function styleOf(parameter: Part): string {
  const { style, in: place } = parameter.fields;
  return typeof style === 'string' ? style : place === 'query' || place === 'cookie' ? 'form' : 'simple';
}

export function explodes(parameter: Part): boolean {
  const { explode } = parameter.fields;
  return typeof explode === 'boolean' ? explode : styleOf(parameter) === 'form';
}

export function isList(view: SchemaView): boolean {
  return view.types?.size === 1 && view.types.has('array');
}

export function isSingle(view: SchemaView): boolean {
  return view.types !== undefined && view.types.size > 0 && !view.types.has('array') && !view.types.has('object');
}

/** Formats of strings that no number and no boolean fits. */
const formatsOfWords = new Set([
  ...['uuid', 'date', 'date-time', 'time', 'duration', 'email', 'idn-email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uri-reference', 'iri'],
  ...['json-pointer', 'binary', 'byte'],
]);

/** Whether every text of the writer's types is one of the reader's types; enums, limits and patterns aside. A string may hold any text. */
export function fitsAsText(writer: SchemaView, reader: SchemaView): boolean {
  if (!isSingle(writer) || !isSingle(reader)) return false;
  const [written, read] = [writer.types ?? new Set<string>(), reader.types ?? new Set<string>()];
  if (formatsOfWords.has(String(reader.at('format')?.value)) && !written.has('string')) return false;
  return read.has('string') || [...written].every((type) => read.has(type));
}

/** Whether a text may hold what separates the items of a list. */
export function mayHoldSeparator(view: SchemaView): boolean {
  if (!view.types?.has('string')) return false;
  if (view.values) return view.values.list.some(({ part }) => /[,;|. ]/.test(String(part.value)));
  return !['uuid', 'date', 'date-time'].includes(String(view.at('format')?.value));
}

/** Whether a pattern of a string accepts the numbers or booleans of the other schema, tried with some of them. */
export function acceptsTextsOf(pattern: unknown, view: SchemaView): boolean {
  const expression = typeof pattern === 'string' ? regularExpression(pattern) : undefined;
  if (!expression || !view.types || view.types.has('string')) return false;
  const least = view.at('minimum')?.value;
  const isNegative = !(typeof least === 'number' && least >= 0);
  const numbers = view.types.has('integer') ? ['0', '7', '42', '1234567890', ...(isNegative ? ['-7'] : [])] : [];
  const fractions = view.types.has('number') ? ['0.5'] : [];
  return [...numbers, ...fractions, ...(view.types.has('boolean') ? ['true', 'false'] : [])].every((text) => expression.test(text));
}

/** Whether an enum lists both booleans. */
export function listsBooleans(values: SchemaView['values']): boolean {
  return ['true', 'false'].every((text) => values?.list.some(({ part }) => String(part.value) === text));
}

export function listForm(older: Part, newer: Part, schema: Part | undefined): TextForm | undefined {
  const isNewerList = schema !== undefined && schemaView(schema).types?.has('array') === true;
  return formOfParameter(older) && formOfParameter(newer) && formOfParameter(isNewerList ? newer : older);
}
