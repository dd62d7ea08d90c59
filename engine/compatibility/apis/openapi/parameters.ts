import type { ApiImpact } from '../api-format';
import type { Impacts } from './changes';
import type { Part } from './description';
import { lifecycleChanges, removal } from './lifecycle';
import { type OperationContext, report } from './operations';
import { schemaView } from './schema-view';
import { explodes, isSingle, listForm, styleOf } from './text-values';

export interface Parameter {
  readonly part: Part;
  /** As it is listed: a `$ref` or the parameter itself. */
  readonly listed: Part;
  readonly name: string;
  readonly in: string;
}

/** Headers that other parts of the description tell about; OpenAPI ignores parameters of these names. */
const ignoredHeaders = new Set(['accept', 'content-type', 'authorization']);

/**
 * The parameters of an operation and of its path, by place and name.
 * @param names what parameters of the path are called in the newer description
 */
export function operationParameters(item: Part, operation: Part, names: ReadonlyMap<string, string> = new Map()): Map<string, Parameter> {
  const found = new Map<string, Parameter>();
  for (const holder of [item, operation]) {
    for (const listed of holder.get('parameters')?.children ?? []) {
      const part = listed.resolved;
      const place = String(part.fields.in);
      const name = String(part.fields.name);
      if (place === 'header' && ignoredHeaders.has(name.toLowerCase())) continue;
      const key = place === 'path' ? (names.get(name) ?? name) : place === 'header' ? name.toLowerCase() : name;
      found.set(`${place} ${key}`, { part, listed, name, in: place });
    }
  }
  return found;
}

export function compareParameters(
  context: OperationContext,
  older: ReadonlyMap<string, Parameter>,
  newer: ReadonlyMap<string, Parameter>,
  operation: Part,
): void {
  for (const [key, parameter] of older) {
    const other = newer.get(key);
    if (other) compareParameter(context, parameter, other);
    else removed(context, parameter, operation);
  }
  for (const [key, parameter] of newer) if (!older.has(key)) added(context, parameter);
}

function subjectOf(parameter: Parameter): string {
  return `The ${parameter.in} parameter \`${parameter.name}\``;
}

function removed(context: OperationContext, parameter: Parameter, operation: Part): void {
  const { part } = parameter;
  const sent = context.side.requests === 'sent';
  const { suffix, text } = removal(part, context.changes.options);
  const impact: ApiImpact = !sent && part.fields.required === true ? 'breaking' : 'risky';
  const result = sent ? 'a value that is sent is ignored or refused' : 'receivers no longer get it';
  const id = `request-parameter-removed${suffix === '-before-sunset' ? suffix : ''}`;
  report(
    context,
    id,
    impact,
    `${subjectOf(parameter)} was removed: ${result}. ${text}`,
    operation.get('parameters') ?? operation,
    part,
    part,
  );
}

function added(context: OperationContext, parameter: Parameter): void {
  const { part } = parameter;
  const required = part.fields.required === true || parameter.in === 'path';
  const flow = context.side.requests;
  if (!required || flow === 'received')
    return report(context, 'request-parameter-added', 'addition', `${subjectOf(parameter)} is new.`, part);
  const hasDefault = defaultOf(part);
  const impact: ApiImpact = hasDefault ? 'risky' : 'breaking';
  const text = hasDefault ? 'is new and required, although it has a default' : 'is new and required';
  report(context, 'request-parameter-added-required', impact, `${subjectOf(parameter)} ${text}: requests without it are refused.`, part);
}

function compareParameter(context: OperationContext, older: Parameter, newer: Parameter): void {
  const flow = context.side.requests;
  const [part, other] = [older.part, newer.part];
  const subject = subjectOf(newer);
  const say = (id: string, impacts: Impacts, message: string, at: Part, before: Part) =>
    report(context, `request-parameter-${id}`, impacts[flow], `${subject} ${message}.`, at, before);
  const [required, newRequired] = [part, other].map((each) => each.fields.required === true || older.in === 'path');
  const [at, newAt] = [part.get('required') ?? part, other.get('required') ?? other];
  if (!required && newRequired) {
    say(
      'became-required',
      { sent: defaultOf(other) ? 'risky' : 'breaking', received: 'neutral' },
      'is now required: requests without it are refused',
      newAt,
      at,
    );
  }
  if (required && !newRequired) say('became-optional', { sent: 'addition', received: 'breaking' }, 'may now be missing', newAt, at);
  for (const draft of lifecycleChanges(part, other, 'request-parameter', subject, context.changes.options)) {
    report(context, draft.id, draft.impact, draft.message, draft.part, draft.before);
  }
  if (part.fields.allowEmptyValue === true && other.fields.allowEmptyValue !== true) {
    say(
      'empty-value-refused',
      { sent: 'breaking', received: 'neutral' },
      'may no longer be empty',
      other.get('allowEmptyValue') ?? other,
      part.get('allowEmptyValue') ?? part,
    );
  }
  const [schema, newSchema] = [schemaOf(part), schemaOf(other)];
  compareSerialization(part, other, [schema, newSchema], (message, at, before) =>
    say('serialization-changed', { sent: 'breaking', received: 'breaking' }, message, at, before),
  );
  if (schema && newSchema) {
    const where = `${context.side.prefix}request-parameter`;
    const text = listForm(part, other, newSchema);
    context.schemas.compare(schema, newSchema, { flow, where, inside: `${where}-property`, subject, path: newer.name, text }, context.from);
  } else if (newSchema)
    say('schema-added', { sent: 'risky', received: 'neutral' }, 'now has a schema and had none before', newSchema, part);
  else if (schema) say('schema-removed', { sent: 'addition', received: 'risky' }, 'no longer has a schema', other, schema);
}

function schemaOf(parameter: Part): Part | undefined {
  return parameter.get('schema') ?? parameter.get('content')?.children[0]?.get('schema');
}

function defaultOf(parameter: Part): boolean {
  const schema = schemaOf(parameter);
  return schema !== undefined && schemaView(schema).at('default') !== undefined;
}

/** Styles that write a single value in the same way. */
const alikeStyles = new Set(['form', 'spaceDelimited', 'pipeDelimited']);

function compareSerialization(
  older: Part,
  newer: Part,
  schemas: readonly (Part | undefined)[],
  say: (message: string, at: Part, before: Part) => void,
): void {
  const [content, newContent] = [older.get('content'), newer.get('content')];
  const [type, newType] = [content?.children[0]?.name, newContent?.children[0]?.name];
  if (type !== newType)
    return say(
      `was written as ${type ?? 'plain text'} and is now written as ${newType ?? 'plain text'}`,
      newContent ?? newer,
      content ?? older,
    );
  const isPlain = schemas.some((schema) => schema !== undefined && isSingle(schemaView(schema)));
  const [style, newStyle] = [styleOf(older), styleOf(newer)];
  const isAlike = isPlain && [style, newStyle].every((each) => alikeStyles.has(each));
  if (style !== newStyle && !isAlike)
    return say(`had the style ${style} and now has ${newStyle}`, newer.get('style') ?? newer, older.get('style') ?? older);
  const [explode, newExplode] = [explodes(older), explodes(newer)];
  if (!isPlain && explode !== newExplode) {
    const text = newExplode ? 'now repeats its name for each value' : 'now holds all its values in one';
    say(text, newer.get('explode') ?? newer, older.get('explode') ?? older);
  }
}
