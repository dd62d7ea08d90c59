import { capitalised } from '../../../../core/wording';
import type { ApiImpact } from '../api-format';
import type { Headline, Impacts } from './change';
import { type Changes, type Reached, reached } from './changes';
import type { Part } from './description';
import { isUnstable, lifecycleChanges, removal } from './lifecycle';
import { type OperationContext, report, type Side } from './operation-context';
import { compareParameters, operationParameters } from './parameters';
import { compareContent } from './payloads';
import { compareResponses } from './responses';
import type { SchemaComparison } from './schema-comparison';
import { fingerprint } from './schema-view';
import { compareSecurity } from './security';
import { shown } from './words';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

const calls: Side = { prefix: '', requests: 'sent', responses: 'received' };
const webhooks: Side = { prefix: 'webhook-', requests: 'received', responses: 'sent' };
const callbacks: Side = { ...webhooks, prefix: 'callback-' };

interface PathPair {
  readonly older: Part;
  readonly newer: Part;
  /** Older to newer names of the parameters in the path. */
  readonly names: ReadonlyMap<string, string>;
}

interface Roots {
  readonly older: Part;
  readonly newer: Part;
  readonly changes: Changes;
  readonly schemas: SchemaComparison;
}

/** Compares every operation of the paths, and the webhooks. */
export function compareOperations(roots: Roots): void {
  const { older, newer } = roots;
  const [before, now] = [older.get('paths'), newer.get('paths')];
  const { pairs, gone, come } = matchedPaths(before?.children ?? [], now?.children ?? []);
  for (const pair of pairs) compareItems(roots, pair, calls, pair.newer.name);
  for (const item of gone) for (const method of methodsOf(item)) operationRemoved(roots, item, method, calls, item.name, now ?? newer);
  for (const item of come) for (const method of methodsOf(item)) operationAdded(roots, item, method, calls, item.name, before);
  compareWebhooks(roots);
}

function compareWebhooks(roots: Roots): void {
  const [before, now] = [roots.older, roots.newer].map((root) => root.get('webhooks') ?? root.get('x-webhooks'));
  for (const item of before?.children ?? []) {
    const other = now?.get(item.name);
    if (other) compareItems(roots, { older: item, newer: other, names: new Map() }, webhooks, `the webhook \`${item.name}\``);
    else
      for (const method of methodsOf(item))
        operationRemoved(roots, item, method, webhooks, `the webhook \`${item.name}\``, now ?? roots.newer);
  }
  for (const item of now?.children ?? []) {
    if (before?.get(item.name)) continue;
    for (const method of methodsOf(item)) operationAdded(roots, item, method, webhooks, `the webhook \`${item.name}\``, before);
  }
}

function methodsOf(item: Part): string[] {
  const { fields } = item.resolved;
  return methods.filter((method) => fields[method] !== undefined);
}

/** What sentences call an operation: "`GET /orders`", "the webhook `orderPaid`". */
function titleOf(method: string, name: string, side: Side): string {
  return side.prefix === '' ? `\`${method.toUpperCase()} ${name}\`` : name;
}

function userOf(operation: Part, title: string): Reached {
  const from = reached();
  from.users.add({ title, unstable: isUnstable(operation) });
  return from;
}

function operationRemoved(roots: Roots, item: Part, method: string, side: Side, name: string, holder: Part): void {
  const operation = item.resolved.follow(method);
  if (!operation) return;
  const title = titleOf(method, name, side);
  const { suffix, text } = removal(operation, roots.changes.options);
  const message = `${capitalised(title)} is removed`;
  const details = `${side.prefix === '' ? 'Requests to it fail.' : 'It no longer calls clients.'} ${text}`;
  const id = side.prefix === '' ? `operation-removed${suffix}` : `${side.prefix}removed${suffix}`;
  const from = reached();
  if (isUnstable(operation)) from.users.add({ title, unstable: true });
  roots.changes.add({ id, impact: 'breaking', message, details, part: holder, before: operation, gone: operation }, from);
}

function operationAdded(roots: Roots, item: Part, method: string, side: Side, name: string, holder: Part | undefined): void {
  const operation = item.resolved.follow(method);
  if (!operation) return;
  const title = titleOf(method, name, side);
  const id = side.prefix === '' ? 'operation-added' : `${side.prefix}added`;
  roots.changes.add({ id, impact: 'addition', message: `${capitalised(title)} is new`, part: operation, before: holder }, reached());
}

function compareItems(roots: Roots, pair: PathPair, side: Side, name: string): void {
  const [older, newer] = [pair.older.resolved, pair.newer.resolved];
  for (const method of methods) {
    const [before, now] = [older.follow(method), newer.follow(method)];
    if (before && now) {
      const title = titleOf(method, name, side);
      const context = { ...roots, side, from: userOf(before, title) };
      compareOperation(roots, context, { ...pair, older, newer }, title, before, now);
    } else if (before) operationRemoved(roots, older, method, side, name, pair.newer);
    else if (now) operationAdded(roots, newer, method, side, name, pair.older);
  }
}

function compareOperation(roots: Roots, context: OperationContext, pair: PathPair, title: string, older: Part, newer: Part): void {
  const lifecycle = lifecycleChanges(older, newer, 'operation', () => capitalised(title), context.changes.options);
  for (const draft of lifecycle) report(context, draft);
  compareNames(context, older, newer);
  const parameters = operationParameters(pair.older, older, pair.names);
  compareParameters(context, parameters, operationParameters(pair.newer, newer), newer);
  compareBodies(context, older, newer);
  compareResponses(context, older, newer);
  if (context.side.prefix === '') compareSecurity(context, roots.older, roots.newer, older, newer);
  compareCallbacks(roots, context, older, newer);
}

function compareNames(context: OperationContext, older: Part, newer: Part): void {
  const [id, newId] = [older.get('operationId'), newer.get('operationId')];
  if (id?.value !== newId?.value) {
    const say = (what: string, impact: ApiImpact, fact: string, part: Part, before: Part) => {
      const details = impact === 'neutral' ? undefined : 'Generated clients call the operation by another name.';
      const message: Headline = (operations) => `The operationId of ${operations} ${fact}`;
      report(context, { id: `operation-id-${what}`, impact, message, details, part, before });
    };
    if (!id) say('added', 'neutral', `is now ${shown(newId?.value)}`, newId ?? newer, older);
    else if (!newId) say('removed', 'risky', 'is removed', newer, id);
    else say('changed', 'risky', `changes from ${shown(id.value)} to ${shown(newId.value)}`, newId, id);
  }
  const [tags, newTags] = [older.get('tags'), newer.get('tags')];
  const sorted = (part: Part | undefined) => (Array.isArray(part?.value) ? part.value.map(String).sort().join(', ') : '');
  if (sorted(tags) !== sorted(newTags)) {
    report(context, {
      id: 'operation-tags-changed',
      impact: 'neutral',
      message: (operations) => `The tags of ${operations} change`,
      details: `They were "${sorted(tags)}" and are now "${sorted(newTags)}".`,
      part: newTags ?? newer,
      before: tags ?? older,
    });
  }
}

function compareBodies(context: OperationContext, older: Part, newer: Part): void {
  const [body, newBody] = [older.follow('requestBody'), newer.follow('requestBody')];
  const flow = context.side.requests;
  const isSent = flow === 'sent';
  const subject: Headline = (operations) => `The request body of ${operations}`;
  const say = (id: string, impacts: Impacts, fact: string, part: Part, before: Part, details?: string) =>
    report(context, { id, impact: impacts[flow], message: (operations) => `${subject(operations)} ${fact}`, details, part, before });
  const refused = isSent ? 'Requests without a body are refused.' : undefined;
  if (!body && newBody) {
    if (newBody.fields.required === true) {
      say('request-body-added-required', { sent: 'breaking', received: 'addition' }, 'is new and required', newBody, older, refused);
    } else say('request-body-added', { sent: 'addition', received: 'addition' }, 'is new and optional', newBody, older);
  }
  if (body && !newBody) {
    const details = isSent ? 'A body that is sent is ignored or refused.' : 'Clients no longer get it.';
    say('request-body-removed', { sent: 'risky', received: 'breaking' }, 'is removed', newer, body, details);
  }
  if (!body || !newBody) return;
  const [required, newRequired] = [body.fields.required === true, newBody.fields.required === true];
  const [at, newAt] = [body.get('required') ?? body, newBody.get('required') ?? newBody];
  if (!required && newRequired)
    say('request-body-became-required', { sent: 'breaking', received: 'neutral' }, 'is now required', newAt, at, refused);
  if (required && !newRequired)
    say('request-body-became-optional', { sent: 'addition', received: 'breaking' }, 'is now optional', newAt, at);
  compareContent(context, body, newBody, { message: 'request', flow, subject });
}

function compareCallbacks(roots: Roots, context: OperationContext, older: Part, newer: Part): void {
  const [before, now] = [older.get('callbacks'), newer.get('callbacks')];
  for (const callback of before?.children ?? []) {
    const title = `callback \`${callback.name}\``;
    const subject: Headline = (operations) => `The ${title} of ${operations}`;
    const other = now?.get(callback.name);
    if (!other) {
      const message: Headline = (operations) => `${subject(operations)} is removed`;
      const details = 'Clients that wait for it are no longer called.';
      report(context, { id: 'callback-removed', impact: 'breaking', message, details, part: now ?? newer, before: callback });
      continue;
    }
    const { pairs, gone, come } = matchedCallbacks(callback.resolved, other.resolved);
    for (const pair of pairs) compareItems(roots, pair, callbacks, `the ${title}`);
    for (const item of gone) {
      const message: Headline = (operations) => `${subject(operations)} no longer calls \`${item.name}\``;
      report(context, { id: 'callback-address-removed', impact: 'breaking', message, part: other, before: item });
    }
    for (const item of come) {
      const message: Headline = (operations) => `${subject(operations)} now also calls \`${item.name}\``;
      report(context, { id: 'callback-address-added', impact: 'risky', message, part: item, before: callback });
    }
  }
  for (const callback of now?.children ?? []) {
    if (before?.get(callback.name)) continue;
    const message: Headline = (operations) => `The callback \`${callback.name}\` of ${operations} is new`;
    report(context, { id: 'callback-added', impact: 'addition', message, part: callback, before: before ?? older });
  }
}

function matchedCallbacks(older: Part, newer: Part) {
  const [items, newItems] = [pathItems(older), pathItems(newer)];
  const [only, newOnly] = [items[0], newItems[0]];
  if (only && newOnly && items.length === 1 && newItems.length === 1) {
    const renamed = fingerprint(only.name) !== fingerprint(newOnly.name);
    return { pairs: [{ older: only, newer: newOnly, names: new Map<string, string>() }], gone: renamed ? [only] : [], come: [] };
  }
  const pairs = items.flatMap((item) => {
    const other = newer.get(item.name);
    return other ? [{ older: item, newer: other, names: new Map<string, string>() }] : [];
  });
  return { pairs, gone: items.filter((item) => !newer.get(item.name)), come: newItems.filter((item) => !older.get(item.name)) };
}

function pathItems(part: Part): Part[] {
  return part.children.filter((item) => !item.name.startsWith('x-'));
}

/** Finds paths that are the same but for the names of their parameters. */
function matchedPaths(older: readonly Part[], newer: readonly Part[]) {
  const isPath = (item: Part) => item.name.startsWith('/');
  const [before, now] = [older.filter(isPath), newer.filter(isPath)];
  const exact = new Map(now.map((item) => [item.name, item]));
  const shapes = new Map(now.map((item) => [shapeOf(item.name), item]));
  const pairs: PathPair[] = [];
  const taken = new Set<Part>();
  const exactFirst = [...before].sort((a, b) => Number(exact.has(b.name)) - Number(exact.has(a.name)));
  const gone: Part[] = [];
  for (const item of exactFirst) {
    const other = exact.get(item.name) ?? shapes.get(shapeOf(item.name));
    if (!other || taken.has(other)) {
      gone.push(item);
      continue;
    }
    taken.add(other);
    const [names, newNames] = [parameterNames(item.name), parameterNames(other.name)];
    pairs.push({ older: item, newer: other, names: new Map(names.map((name, index) => [name, newNames[index] ?? name])) });
  }
  return { pairs, gone, come: now.filter((item) => !taken.has(item)) };
}

function shapeOf(path: string): string {
  return path.replace(/\{[^}]*\}/g, '{}').replace(/(?<=.)\/$/, '');
}

function parameterNames(path: string): string[] {
  return [...path.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '');
}
