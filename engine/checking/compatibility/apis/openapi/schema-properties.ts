import { capitalised } from '../../../../core/wording';
import type { ApiImpact } from '../api-format';
import { type Impacts, narrowed, perhapsNarrowed, perhapsWidened } from './change';
import type { Part } from './description';
import { lifecycleChanges, removal } from './lifecycle';
import type { SchemaPair } from './schema-pair';
import { consequence } from './schema-use';
import { isAnything, schemaView } from './schema-view';
import { kebab } from './words';

/** Compares `properties` and `required`. */
export function compareProperties(pair: SchemaPair): void {
  const { older, newer } = pair;
  for (const [name, property] of older.properties) {
    const other = newer.properties.get(name);
    if (other) compareProperty(pair, name, property, other);
    else if (isVisible(pair, property)) propertyRemoved(pair, name, property);
  }
  for (const [name, property] of newer.properties) {
    if (!older.properties.has(name) && isVisible(pair, property)) propertyAdded(pair, name, property);
  }
  // Names that are required and described nowhere.
  for (const [name, item] of newer.required) {
    if (!older.required.has(name) && !newer.properties.has(name) && !older.properties.has(name)) requiredNow(pair, name, item, undefined);
  }
  for (const [name, item] of older.required) {
    if (!newer.required.has(name) && !newer.properties.has(name) && !older.properties.has(name)) optionalNow(pair, name, item);
  }
}

/** What is only read is no part of what is sent, and the other way round. */
function isVisible(pair: SchemaPair, property: Part): boolean {
  return schemaView(property).at(pair.use.flow === 'sent' ? 'readOnly' : 'writeOnly')?.value !== true;
}

function compareProperty(pair: SchemaPair, name: string, property: Part, other: Part): void {
  const [before, now] = [isVisible(pair, property), isVisible(pair, other)];
  const path = pair.path(name);
  const required = [before && pair.older.required.has(name), now && pair.newer.required.has(name)] as const;
  if (before && !now) {
    const sent = pair.use.flow === 'sent';
    const keyword = sent ? 'readOnly' : 'writeOnly';
    reportProperty(
      pair,
      sent ? 'became-read-only' : 'became-write-only',
      { sent: 'risky', received: pair.older.required.has(name) ? 'breaking' : 'risky' },
      name,
      sent ? 'is now read-only' : 'is now write-only',
      schemaView(other).at(keyword),
      property,
      sent ? 'A value that is sent is ignored or refused.' : 'Clients no longer get it.',
    );
    return;
  }
  if (!before && now) {
    const keyword = pair.use.flow === 'sent' ? 'readOnly' : 'writeOnly';
    const what = pair.use.flow === 'sent' ? 'became-not-read-only' : 'became-not-write-only';
    reportProperty(
      pair,
      what,
      { sent: 'addition', received: 'addition' },
      name,
      pair.use.flow === 'sent' ? 'is no longer read-only' : 'is no longer write-only',
      other,
      schemaView(property).at(keyword) ?? property,
    );
  }
  if (!before && !now) return;
  if (!required[0] && required[1]) requiredNow(pair, name, pair.newer.required.get(name), other);
  if (required[0] && !required[1]) optionalNow(pair, name, pair.older.required.get(name));
  for (const draft of lifecycleChanges(
    stagedPart(property),
    stagedPart(other),
    pair.use.inside,
    () => `\`${path}\` in ${pair.messages}`,
    pair.all.changes.options,
  ))
    pair.add(draft);
  const [all, others] = [pair.older.declarations.get(name) ?? [property], pair.newer.declarations.get(name) ?? [other]];
  if (all.length !== others.length) return pair.inside(property, other, path);
  for (const [index, declaration] of all.entries()) pair.inside(declaration, others[index] ?? other, path);
}

function requiredNow(pair: SchemaPair, name: string, item: Part | undefined, property: Part | undefined): void {
  const hasDefault = property !== undefined && schemaView(property).at('default') !== undefined;
  reportProperty(
    pair,
    'became-required',
    { sent: hasDefault ? 'risky' : 'breaking', received: 'neutral' },
    name,
    pair.use.flow === 'sent' ? 'is now required' : 'is now always present',
    item,
    pair.older.properties.get(name),
    refusedWithout(pair, hasDefault),
  );
}

/** What becomes of data without a required property. */
function refusedWithout(pair: SchemaPair, hasDefault: boolean): string | undefined {
  if (pair.use.flow === 'received') return undefined;
  const messages = capitalised(pair.messages);
  return hasDefault ? `${messages} without it may be refused, although it has a default.` : `${messages} without it are refused.`;
}

function optionalNow(pair: SchemaPair, name: string, item: Part | undefined): void {
  reportProperty(
    pair,
    'became-optional',
    { sent: 'addition', received: 'breaking' },
    name,
    pair.use.flow === 'sent' ? 'is now optional' : 'can now be missing',
    pair.newer.properties.get(name),
    item,
  );
}

function propertyAdded(pair: SchemaPair, name: string, property: Part): void {
  const closed = pair.older.at('additionalProperties')?.value === false;
  const before = pair.older.at('properties');
  if (pair.use.flow === 'sent' && pair.newer.required.has(name)) {
    const hasDefault = schemaView(property).at('default') !== undefined;
    return reportProperty(
      pair,
      'added-required',
      { sent: hasDefault ? 'risky' : 'breaking', received: 'addition' },
      name,
      'is new and required',
      property,
      before,
      refusedWithout(pair, hasDefault),
    );
  }
  const details = closed ? 'The older description rules out additional properties.' : undefined;
  reportProperty(pair, 'added', { sent: 'addition', received: closed ? 'risky' : 'addition' }, name, 'is new', property, before, details);
}

function propertyRemoved(pair: SchemaPair, name: string, property: Part): void {
  const { flow } = pair.use;
  const elsewhere = pair.newer.alternatives.some((group) => group.members.some((member) => schemaView(member).properties.has(name)));
  const closed = pair.newer.at('additionalProperties')?.value === false;
  const required = pair.older.required.has(name);
  const certain = !elsewhere && (flow === 'sent' ? closed : required);
  const { suffix, text } = removal(stagedPart(property), pair.all.changes.options);
  const impact: ApiImpact = certain ? 'breaking' : 'risky';
  const refused = closed ? `${capitalised(pair.messages)} with it are refused.` : 'A value that is sent is ignored or refused.';
  const missed = required ? 'Clients that rely on it fail.' : 'Clients that read it do not find it.';
  const what = suffix === '-before-sunset' ? `removed${suffix}` : required && flow === 'received' ? 'required-removed' : 'removed';
  pair.add({
    id: `${pair.use.inside}-${what}`,
    impact,
    message: `\`${pair.path(name)}\` is removed from ${pair.messages}`,
    details: `${flow === 'sent' ? refused : missed} ${text}`,
    part: pair.newer.at('properties') ?? pair.parts.newer,
    before: property,
    gone: stagedPart(property),
  });
}

/** @param details in place of the usual consequence */
function reportProperty(
  pair: SchemaPair,
  what: string,
  impacts: Impacts,
  name: string,
  fact: string,
  part: Part | undefined,
  before: Part | undefined,
  details?: string,
): void {
  const impact = impacts[pair.use.flow];
  pair.add({
    id: `${pair.use.inside}-${what}`,
    impact,
    message: `\`${pair.path(name)}\` in ${pair.messages} ${fact}`,
    details: details ?? consequence(impact, pair.use),
    part: part ?? pair.parts.newer,
    before: before ?? pair.parts.older,
  });
}

/** Where a property says how far it is on its way to removal: beside its `$ref`, or where that leads. */
function stagedPart(property: Part): Part {
  return property.fields.deprecated === undefined ? property.resolved : property;
}

/** Compares what is allowed beside the properties. */
export function compareAdditionalProperties(pair: SchemaPair): void {
  const { older, newer } = pair;
  if ([older, newer].some((view) => view.types && !view.types.has('object'))) return;
  for (const keyword of ['additionalProperties', 'unevaluatedProperties']) {
    const [before, now] = [older.at(keyword), newer.at(keyword)];
    const states = [openness(before), openness(now)] as const;
    const name = kebab(keyword);
    const others = name.replace('-', ' ');
    if (states[0] === 'schema' && states[1] === 'schema' && before && now) pair.inside(before, now, pair.path('*'));
    else if (states[0] === states[1]) continue;
    else if (states[1] === 'closed') pair.report(`${name}-forbidden`, narrowed, `no longer allows ${others}`, now, before);
    else if (states[0] === 'closed') pair.report(`${name}-allowed`, perhapsWidened, `now allows ${others}`, now, before);
    else if (states[1] === 'schema') pair.report(`${name}-restricted`, perhapsNarrowed, `now restricts its ${others}`, now, before);
    else pair.report(`${name}-unrestricted`, perhapsWidened, `no longer restricts its ${others}`, now, before);
  }
}

function openness(part: Part | undefined): 'open' | 'closed' | 'schema' {
  if (part?.value === false) return 'closed';
  return part === undefined || isAnything(part) ? 'open' : 'schema';
}
