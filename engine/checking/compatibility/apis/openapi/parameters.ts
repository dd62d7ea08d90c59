import type { Headline, Impacts } from './change';
import type { Part } from './description';
import { lifecycleChanges, removal } from './lifecycle';
import { type OperationContext, report } from './operation-context';
import { schemaView } from './schema-view';
import { explodes, isSingle, listForm, styleOf } from './text-values';

interface Parameter {
  readonly part: Part;
  /** As it is listed: a `$ref` or the parameter itself. */
  readonly listed: Part;
  readonly name: string;
  readonly in: string;
}

/** Headers that other parts of the description define; OpenAPI ignores parameters of these names. */
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

function subjectOf(parameter: Parameter): Headline {
  return (operations) => `The ${parameter.in} parameter \`${parameter.name}\` of ${operations}`;
}

function removed(context: OperationContext, parameter: Parameter, operation: Part): void {
  const { part } = parameter;
  const sent = context.side.requests === 'sent';
  const { suffix, text } = removal(part, context.changes.options);
  report(context, {
    id: `request-parameter-removed${suffix === '-before-sunset' ? suffix : ''}`,
    impact: !sent && part.fields.required === true ? 'breaking' : 'risky',
    message: (operations) => `${subjectOf(parameter)(operations)} is removed`,
    details: `${sent ? 'A value that is sent is ignored or refused.' : 'Clients no longer get it.'} ${text}`,
    part: operation.get('parameters') ?? operation,
    before: part,
    gone: part,
  });
}

function added(context: OperationContext, parameter: Parameter): void {
  const { part } = parameter;
  const required = part.fields.required === true || parameter.in === 'path';
  const isRequiredNow = required && context.side.requests === 'sent';
  const hasDefault = defaultOf(part);
  report(context, {
    id: `request-parameter-added${isRequiredNow ? '-required' : ''}`,
    impact: !isRequiredNow ? 'addition' : hasDefault ? 'risky' : 'breaking',
    message: (operations) =>
      `${subjectOf(parameter)(operations)} is new${isRequiredNow ? ' and required' : required ? '' : ' and optional'}`,
    details: isRequiredNow ? refusedWithout(hasDefault) : undefined,
    part,
  });
}

function refusedWithout(hasDefault: boolean): string {
  return hasDefault ? 'Requests without it may be refused, although it has a default.' : 'Requests without it are refused.';
}

function compareParameter(context: OperationContext, older: Parameter, newer: Parameter): void {
  const flow = context.side.requests;
  const [part, other] = [older.part, newer.part];
  const subject = subjectOf(newer);
  const say = (id: string, impacts: Impacts, fact: string, at: Part, before: Part, details?: string) =>
    report(context, {
      id: `request-parameter-${id}`,
      impact: impacts[flow],
      message: (operations) => `${subject(operations)} ${fact}`,
      details,
      part: at,
      before,
    });
  const [required, newRequired] = [part, other].map((each) => each.fields.required === true || older.in === 'path');
  const [at, newAt] = [part.get('required') ?? part, other.get('required') ?? other];
  if (!required && newRequired) {
    const details = flow === 'sent' ? refusedWithout(defaultOf(other)) : undefined;
    const impacts: Impacts = { sent: defaultOf(other) ? 'risky' : 'breaking', received: 'neutral' };
    say('became-required', impacts, 'is now required', newAt, at, details);
  }
  if (required && !newRequired) say('became-optional', { sent: 'addition', received: 'breaking' }, 'is now optional', newAt, at);
  for (const draft of lifecycleChanges(part, other, 'request-parameter', subject, context.changes.options)) report(context, draft);
  if (part.fields.allowEmptyValue === true && other.fields.allowEmptyValue !== true) {
    say(
      'empty-value-refused',
      { sent: 'breaking', received: 'neutral' },
      'no longer accepts an empty value',
      other.get('allowEmptyValue') ?? other,
      part.get('allowEmptyValue') ?? part,
    );
  }
  const [schema, newSchema] = [schemaOf(part), schemaOf(other)];
  compareSerialization(part, other, [schema, newSchema], (fact, at, before) =>
    say('serialization-changed', { sent: 'breaking', received: 'breaking' }, fact, at, before),
  );
  if (schema && newSchema) {
    const where = `${context.side.prefix}request-parameter`;
    const text = listForm(part, other, newSchema);
    context.schemas.compare(schema, newSchema, { flow, where, inside: `${where}-property`, subject, path: newer.name, text }, context.from);
  } else if (newSchema) say('schema-added', { sent: 'risky', received: 'neutral' }, 'now has a schema', newSchema, part);
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
  say: (fact: string, at: Part, before: Part) => void,
): void {
  const [content, newContent] = [older.get('content'), newer.get('content')];
  const [type, newType] = [content?.children[0]?.name, newContent?.children[0]?.name];
  if (type !== newType)
    return say(`changes from ${type ?? 'plain text'} to ${newType ?? 'plain text'}`, newContent ?? newer, content ?? older);
  const isPlain = schemas.some((schema) => schema !== undefined && isSingle(schemaView(schema)));
  const [style, newStyle] = [styleOf(older), styleOf(newer)];
  const isAlike = isPlain && [style, newStyle].every((each) => alikeStyles.has(each));
  if (style !== newStyle && !isAlike)
    return say(`changes its style from ${style} to ${newStyle}`, newer.get('style') ?? newer, older.get('style') ?? older);
  const [explode, newExplode] = [explodes(older), explodes(newer)];
  if (!isPlain && explode !== newExplode) {
    const text = newExplode ? 'now repeats its name for each value' : 'now holds all values in one';
    say(text, newer.get('explode') ?? newer, older.get('explode') ?? older);
  }
}
