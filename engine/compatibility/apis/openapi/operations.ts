import type { ApiImpact } from '../api-format';
import type { Changes, Flow, Impacts, Reached } from './changes';
import { reached } from './changes';
import { fingerprint } from './schema-view';
import type { Part } from './description';
import { isUnstable, lifecycleChanges, removal } from './lifecycle';
import { compareParameters, operationParameters } from './parameters';
import { compareContent } from './payloads';
import { compareResponses } from './responses';
import type { SchemaComparison } from './schema-comparison';
import { compareSecurity } from './security';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/** Who calls whom: those who use the API call it, and it calls them by webhooks and callbacks, where everything is reversed. */
export interface Side {
  /** Begins the ids: empty, `webhook-` or `callback-`. */
  readonly prefix: '' | 'webhook-' | 'callback-';
  readonly requests: Flow;
  readonly responses: Flow;
}

const calls: Side = { prefix: '', requests: 'sent', responses: 'received' };
const webhooks: Side = { prefix: 'webhook-', requests: 'received', responses: 'sent' };
const callbacks: Side = { ...webhooks, prefix: 'callback-' };

/** What the comparison of an operation and of its parts needs. */
export interface OperationContext {
  readonly side: Side;
  readonly changes: Changes;
  readonly schemas: SchemaComparison;
  readonly from: Reached;
}

/** Reports a change of an operation's part. @param message full sentences @param gone what the older description may have deprecated */
export function report(
  context: OperationContext,
  id: string,
  impact: ApiImpact,
  message: string,
  part: Part,
  before?: Part,
  gone?: Part,
): void {
  context.changes.add({ id: context.side.prefix + id, impact, message, part, before, gone }, context.from);
}

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
    if (other) compareItems(roots, { older: item, newer: other, names: new Map() }, webhooks, `the webhook ${item.name}`);
    else
      for (const method of methodsOf(item)) operationRemoved(roots, item, method, webhooks, `the webhook ${item.name}`, now ?? roots.newer);
  }
  for (const item of now?.children ?? []) {
    if (before?.get(item.name)) continue;
    for (const method of methodsOf(item)) operationAdded(roots, item, method, webhooks, `the webhook ${item.name}`, before);
  }
}

function methodsOf(item: Part): string[] {
  const { fields } = item.resolved;
  return methods.filter((method) => fields[method] !== undefined);
}

function titleOf(method: string, name: string, side: Side): string {
  return side.prefix === '' ? `${method.toUpperCase()} ${name}` : name;
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
  const gone = side.prefix === '' ? `${title} was removed: calls to it fail. ${text}` : `Clients no longer receive ${title}. ${text}`;
  const id = side.prefix === '' ? `operation-removed${suffix}` : `${side.prefix}removed${suffix}`;
  const from = reached();
  // The message names the operation already, so its title is empty here.
  if (isUnstable(operation)) from.users.add({ title, unstable: true });
  roots.changes.add({ id, impact: 'breaking', message: gone, part: holder, before: operation, gone: operation }, from);
}

function operationAdded(roots: Roots, item: Part, method: string, side: Side, name: string, holder: Part | undefined): void {
  const operation = item.resolved.follow(method);
  if (!operation) return;
  const title = titleOf(method, name, side);
  const id = side.prefix === '' ? 'operation-added' : `${side.prefix}added`;
  const message = side.prefix === '' ? `${title} is new.` : `Clients may now receive ${title}.`;
  roots.changes.add({ id, impact: 'addition', message, part: operation, before: holder }, reached());
}

function compareItems(roots: Roots, pair: PathPair, side: Side, name: string): void {
  const [older, newer] = [pair.older.resolved, pair.newer.resolved];
  for (const method of methods) {
    const [before, now] = [older.follow(method), newer.follow(method)];
    if (before && now) {
      const context = { ...roots, side, from: userOf(before, titleOf(method, name, side)) };
      compareOperation(roots, context, { ...pair, older, newer }, before, now);
    } else if (before) operationRemoved(roots, older, method, side, name, pair.newer);
    else if (now) operationAdded(roots, newer, method, side, name, pair.older);
  }
}

function compareOperation(roots: Roots, context: OperationContext, pair: PathPair, older: Part, newer: Part): void {
  for (const draft of lifecycleChanges(older, newer, 'operation', 'The operation', context.changes.options)) {
    report(context, draft.id, draft.impact, draft.message, draft.part, draft.before);
  }
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
    const generated = 'code generated from the description uses the old name';
    if (!id)
      report(context, 'operation-id-added', 'neutral', `The operation now has the id ${String(newId?.value)}.`, newId ?? newer, older);
    else if (!newId) report(context, 'operation-id-removed', 'risky', `The operation no longer has an id: ${generated}.`, newer, id);
    else
      report(
        context,
        'operation-id-changed',
        'risky',
        `The operation was called ${String(id.value)} and is now ${String(newId.value)}: ${generated}.`,
        newId,
        id,
      );
  }
  const [tags, newTags] = [older.get('tags'), newer.get('tags')];
  const sorted = (part: Part | undefined) => (Array.isArray(part?.value) ? part.value.map(String).sort().join(', ') : '');
  if (sorted(tags) !== sorted(newTags)) {
    report(
      context,
      'operation-tags-changed',
      'neutral',
      `The operation had the tags "${sorted(tags)}" and now has "${sorted(newTags)}".`,
      newTags ?? newer,
      tags ?? older,
    );
  }
}

function compareBodies(context: OperationContext, older: Part, newer: Part): void {
  const [body, newBody] = [older.follow('requestBody'), newer.follow('requestBody')];
  const flow = context.side.requests;
  const say = (id: string, impacts: Impacts, message: string, part: Part, before: Part) =>
    report(context, id, impacts[flow], message, part, before);
  if (!body && newBody) {
    if (newBody.fields.required === true) {
      say('request-body-added-required', { sent: 'breaking', received: 'addition' }, 'The request must now have a body.', newBody, older);
    } else say('request-body-added', { sent: 'addition', received: 'addition' }, 'The request may now have a body.', newBody, older);
  }
  if (body && !newBody) {
    say(
      'request-body-removed',
      { sent: 'risky', received: 'breaking' },
      'The request no longer has a body: a body that is sent is ignored or refused.',
      newer,
      body,
    );
  }
  if (!body || !newBody) return;
  const [required, newRequired] = [body.fields.required === true, newBody.fields.required === true];
  const [at, newAt] = [body.get('required') ?? body, newBody.get('required') ?? newBody];
  if (!required && newRequired)
    say(
      'request-body-became-required',
      { sent: 'breaking', received: 'neutral' },
      'The request must now have a body: requests without one are refused.',
      newAt,
      at,
    );
  if (required && !newRequired)
    say('request-body-became-optional', { sent: 'addition', received: 'breaking' }, 'The request may now omit its body.', newAt, at);
  compareContent(context, body, newBody, { message: 'request', flow, subject: 'The body of the request' });
}

function compareCallbacks(roots: Roots, context: OperationContext, older: Part, newer: Part): void {
  const [before, now] = [older.get('callbacks'), newer.get('callbacks')];
  for (const callback of before?.children ?? []) {
    const other = now?.get(callback.name);
    if (!other) {
      const message = `The callback ${callback.name} is no longer sent: clients that wait for it wait indefinitely.`;
      report(context, 'callback-removed', 'breaking', message, now ?? newer, callback);
      continue;
    }
    const { pairs, gone, come } = matchedCallbacks(callback.resolved, other.resolved);
    for (const pair of pairs) compareItems(roots, pair, callbacks, `the callback ${callback.name}`);
    for (const item of gone)
      report(
        context,
        'callback-address-removed',
        'breaking',
        `The callback ${callback.name} is no longer sent to ${item.name}.`,
        other,
        item,
      );
    for (const item of come)
      report(context, 'callback-address-added', 'risky', `The callback ${callback.name} is now also sent to ${item.name}.`, item, callback);
  }
  for (const callback of now?.children ?? []) {
    if (!before?.get(callback.name))
      report(context, 'callback-added', 'addition', `The callback ${callback.name} may now be sent.`, callback, before ?? older);
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
