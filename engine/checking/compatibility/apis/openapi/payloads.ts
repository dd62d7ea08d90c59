import { capitalised } from '../../../../core/wording';
import type { ApiImpact } from '../api-format';
import type { Flow, Headline } from './change';
import type { Part } from './description';
import { type OperationContext, report } from './operation-context';
import { fingerprint } from './schema-view';

/** Whose content is compared. */
interface ContentUse {
  readonly message: 'request' | 'response';
  readonly flow: Flow;
  /** Begins headlines, e.g. "The 200 response body of `GET /orders`". */
  readonly subject: Headline;
}

/** Compares the media types of a body and their schemas. */
export function compareContent(context: OperationContext, older: Part, newer: Part, use: ContentUse): void {
  const { message, flow, subject } = use;
  const isSent = flow === 'sent';
  const says =
    (fact: string): Headline =>
    (operations) =>
      `${subject(operations)} ${fact}`;
  const [content, newContent] = [older.get('content'), newer.get('content')];
  const [types, newTypes] = [content?.children ?? [], newContent?.children ?? []];
  const holder = newContent ?? newer;
  for (const type of types) {
    const other =
      sameMediaType(type, types, newTypes) ?? (message === 'request' ? newTypes.find((range) => covers(range.name, type.name)) : undefined);
    if (!other) {
      const impact = message === 'request' && flow === 'received' ? 'neutral' : 'breaking';
      const fact = isSent ? `no longer accepts ${type.name}` : `is no longer sent as ${type.name}`;
      const details = isSent
        ? `${capitalised(message)}s of this type are refused.`
        : message === 'response'
          ? 'Clients that ask for this type get another one.'
          : undefined;
      report(context, { id: `${message}-media-type-removed`, impact, message: says(fact), details, part: holder, before: type });
      continue;
    }
    compareMediaTypes(context, type, other, use);
  }
  for (const type of newTypes) {
    if (sameMediaType(type, newTypes, types)) continue;
    const impact = message === 'request' && flow === 'received' ? 'risky' : 'addition';
    const fact = isSent ? `now accepts ${type.name}` : `is now sent as ${type.name}`;
    report(context, { id: `${message}-media-type-added`, impact, message: says(fact), part: type, before: content ?? older });
  }
}

function compareMediaTypes(context: OperationContext, older: Part, newer: Part, use: ContentUse): void {
  const { message, flow, subject } = use;
  const say = (what: string, impact: ApiImpact, fact: string, part: Part, before: Part, details?: string) =>
    report(context, {
      id: `${message}-${what}`,
      impact,
      message: (operations) => `${subject(operations)} ${fact}`,
      details,
      part,
      before,
    });
  const [schema, newSchema] = [older.get('schema'), newer.get('schema')];
  const where = `${context.side.prefix}${message}-body`;
  const inside = `${context.side.prefix}${message}-property`;
  const text = [older, newer].every((type) => formTypes.has(bare(type.name))) ? ('form' as const) : undefined;
  if (schema && newSchema) context.schemas.compare(schema, newSchema, { flow, where, inside, subject, path: '', text }, context.from);
  else if (newSchema) {
    say('body-schema-added', flow === 'sent' ? 'risky' : 'neutral', 'now has a schema', newSchema, older);
  } else if (schema) {
    const details = 'The description does not say what it holds.';
    say('body-schema-removed', flow === 'sent' ? 'addition' : 'risky', 'no longer has a schema', newer, schema, details);
  }
  const [encoding, newEncoding] = [older.get('encoding'), newer.get('encoding')];
  if (fingerprint(encoding?.value) !== fingerprint(newEncoding?.value)) {
    say('encoding-changed', 'risky', 'is encoded differently', newEncoding ?? newer, encoding ?? older);
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
