import { pointerSteps, type SourceMap } from '../source-map';
import type { SchemaBundle, SchemaNode } from '../json-schema/schema-bundle';
import type { Flow } from './change';
import { type Description, isObject, type Part } from './description';
import { remembered } from '../../../../core/remember';

const bundlesOf = remembered<Description, Map<Flow, SchemaBundle>>(() => new Map());

/** A schema as JSON Schema, as far as it concerns those who send or get the data, so that it can be reasoned about. */
export function schemaNode(part: Part, flow: Flow): SchemaNode {
  return nodes[flow](part);
}

const nodes: Readonly<Record<Flow, (part: Part) => SchemaNode>> = {
  sent: remembered((part: Part) => makeNode(part, 'sent')),
  received: remembered((part: Part) => makeNode(part, 'received')),
};

function makeNode(part: Part, flow: Flow): SchemaNode {
  const bundle = bundleOf(part.description, flow);
  const { file, pointer } = part;
  let value = bundle.sources.get(file)?.value;
  for (const step of pointerSteps(pointer)) value = (value as Record<string, unknown> | undefined)?.[step];
  return { bundle, file, pointer, value };
}

function bundleOf(description: Description, flow: Flow): SchemaBundle {
  const known = bundlesOf(description);
  const before = known.get(flow);
  if (before) return before;
  const isOld = String(description.root.fields['openapi']).startsWith('3.0');
  const sources = new Map<string, SourceMap>();
  for (const file of description.document.sources.keys()) {
    const source = description.source(file);
    if (source) sources.set(file, { ...source, value: converted(source.value, { isOld, flow, seen: new Map() }) });
  }
  const { root } = description;
  const bundle: { -readonly [Key in keyof SchemaBundle]: SchemaBundle[Key] } = {
    refStandsAlone: isOld,
    root: undefined as unknown as SchemaNode,
    sources,
    names: new Map(),
  };
  bundle.root = { bundle, file: root.file, pointer: '', value: sources.get(root.file)?.value };
  known.set(flow, bundle);
  return bundle;
}

interface Conversion {
  readonly isOld: boolean;
  readonly flow: Flow;
  /** Aliases of YAML may lead back to what holds them. */
  readonly seen: Map<object, unknown>;
}

/** Keywords that hold data and not schemas. */
const data = new Set(['const', 'enum', 'default', 'example', 'examples']);

/** Writes what OpenAPI says in its own way as JSON Schema does: null and bounds of 3.0, formats as patterns, and what is not part of a flow. */
function converted(value: unknown, conversion: Conversion): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const before = conversion.seen.get(value);
  if (before !== undefined) return before;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    conversion.seen.set(value, list);
    for (const each of value) list.push(converted(each, conversion));
    return list;
  }
  const made: Record<string, unknown> = {};
  conversion.seen.set(value, made);
  for (const [key, inner] of Object.entries(value)) made[key] = data.has(key) ? inner : converted(inner, conversion);
  hide(made, conversion.flow);
  if (conversion.isOld) useTypesAndBounds(made);
  usePattern(made);
  return made;
}

/** Takes out properties that are only read, for what is sent, or only written, for what is received. */
function hide(schema: Record<string, unknown>, flow: Flow): void {
  const { properties, required } = schema;
  if (!isObject(properties)) return;
  const keyword = flow === 'sent' ? 'readOnly' : 'writeOnly';
  const hidden = Object.keys(properties).filter((name) => isObject(properties[name]) && properties[name][keyword] === true);
  if (hidden.length === 0) return;
  schema['properties'] = Object.fromEntries(Object.entries(properties).filter(([name]) => !hidden.includes(name)));
  if (Array.isArray(required)) schema['required'] = required.filter((name) => !hidden.includes(String(name)));
}

function useTypesAndBounds(schema: Record<string, unknown>): void {
  if (schema['nullable'] === true && typeof schema['type'] === 'string') schema['type'] = [schema['type'], 'null'];
  if (typeof schema['nullable'] === 'boolean') delete schema['nullable'];
  for (const [exclusive, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[exclusive] !== 'boolean') continue;
    if (schema[exclusive]) {
      schema[exclusive] = schema[bound];
      delete schema[bound];
    } else delete schema[exclusive];
  }
}

const formats: Readonly<Record<string, string>> = {
  date: '^\\d{4}-\\d{2}-\\d{2}$',
  'date-time': '^\\d{4}-\\d{2}-\\d{2}[Tt ]\\d{2}:\\d{2}',
  uuid: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
  email: '^[^@\\s]+@[^@\\s]+$',
  ipv4: '^\\d+(\\.\\d+){3}$',
  uri: '^[A-Za-z][A-Za-z0-9+.-]*:',
};

const samples: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  uuid: '0b4e8c1e-5d0f-4b57-9e0a-2f6f1d3c7a11',
  email: 'a@example.com',
  ipv4: '192.0.2.1',
  uri: 'https://example.com',
};

const numeric = /^(u?int\d*|float|double|decimal\d*|number|integer)$/;

function usePattern(schema: Record<string, unknown>): void {
  const { format } = schema;
  if (typeof format !== 'string') return;
  delete schema['format'];
  if (numeric.test(format)) return;
  const pattern = formats[format] ?? `^${escaped(symbolOf(format))}$`;
  schema['allOf'] = [...(Array.isArray(schema['allOf']) ? (schema['allOf'] as unknown[]) : []), { pattern }];
  schema[sampleKey] = samples[format] ?? symbolOf(format);
}

/** Stands for every text of a format that is not known here. */
function symbolOf(format: string): string {
  return `${symbol}${format}`;
}

const symbol = 'text of the format ';

/** Where a converted schema keeps a text of its format. */
export const sampleKey = 'x-sample';

/** True for a value with a text that only stands for others. */
export function isSymbolic(value: unknown): boolean {
  return (JSON.stringify(value) ?? '').includes(symbol);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
