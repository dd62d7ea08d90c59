import type { Flow } from './changes';
import type { Part } from './description';
import { type OperationContext, report } from './operations';
import { fingerprint } from './schema-view';

/** Whose content is compared. */
export interface ContentUse {
  readonly message: 'request' | 'response';
  readonly flow: Flow;
  /** Begins messages, e.g. "The body of the response 200". */
  readonly subject: string;
}

/** Compares the media types of a body and their schemas. */
export function compareContent(context: OperationContext, older: Part, newer: Part, use: ContentUse): void {
  const { message, flow, subject } = use;
  const [content, newContent] = [older.get('content'), newer.get('content')];
  const [types, newTypes] = [content?.children ?? [], newContent?.children ?? []];
  const holder = newContent ?? newer;
  for (const type of types) {
    const other =
      sameMediaType(type, types, newTypes) ?? (message === 'request' ? newTypes.find((range) => covers(range.name, type.name)) : undefined);
    if (!other) {
      const refused = message === 'request' ? 'requests with it are refused' : 'clients that ask for it get something else';
      const impact = message === 'request' && flow === 'received' ? 'neutral' : 'breaking';
      report(context, `${message}-media-type-removed`, impact, `${subject} can no longer be ${type.name}: ${refused}.`, holder, type);
      continue;
    }
    compareMediaTypes(context, type, other, use);
  }
  for (const type of newTypes) {
    if (sameMediaType(type, newTypes, types)) continue;
    const impact = message === 'request' && flow === 'received' ? 'risky' : 'addition';
    report(context, `${message}-media-type-added`, impact, `${subject} can now be ${type.name}.`, type, content ?? older);
  }
}

function compareMediaTypes(context: OperationContext, older: Part, newer: Part, use: ContentUse): void {
  const { message, flow, subject } = use;
  const [schema, newSchema] = [older.get('schema'), newer.get('schema')];
  const where = `${context.side.prefix}${message}-body`;
  const inside = `${context.side.prefix}${message}-property`;
  const text = [older, newer].every((type) => formTypes.has(bare(type.name))) ? ('form' as const) : undefined;
  if (schema && newSchema) context.schemas.compare(schema, newSchema, { flow, where, inside, subject, path: '', text }, context.from);
  else if (newSchema) {
    const impact = flow === 'sent' ? 'risky' : 'neutral';
    report(context, `${message}-body-schema-added`, impact, `${subject} now has a schema and had none before.`, newSchema, older);
  } else if (schema) {
    const impact = flow === 'sent' ? 'addition' : 'risky';
    report(
      context,
      `${message}-body-schema-removed`,
      impact,
      `${subject} no longer has a schema, so its contents are unknown.`,
      newer,
      schema,
    );
  }
  const [encoding, newEncoding] = [older.get('encoding'), newer.get('encoding')];
  if (fingerprint(encoding?.value) !== fingerprint(newEncoding?.value)) {
    report(context, `${message}-encoding-changed`, 'risky', `${subject} is encoded differently.`, newEncoding ?? newer, encoding ?? older);
  }
}

/** Media types whose properties are written as plain text. */
const formTypes = new Set(['application/x-www-form-urlencoded', 'multipart/form-data']);

/** The same media type in the other list: as it is written, or without its parameters where that is unique in both. */
function sameMediaType(type: Part, list: readonly Part[], others: readonly Part[]): Part | undefined {
  const exact = others.find((other) => normalized(other.name) === normalized(type.name));
  if (exact) return exact;
  const alike = others.filter((other) => bare(other.name) === bare(type.name));
  return alike.length === 1 && list.filter((other) => bare(other.name) === bare(type.name)).length === 1 ? alike[0] : undefined;
}

function normalized(name: string): string {
  return name.toLowerCase().replace(/[\s"]/g, '');
}

function bare(name: string): string {
  return normalized(name).split(';')[0] ?? '';
}

function covers(range: string, type: string): boolean {
  const wide = bare(range);
  return wide === '*/*' || (wide.endsWith('/*') && bare(type).startsWith(wide.slice(0, -1)));
}
