import { capitalised, listed, listedBriefly, sentences } from '../../../../core/wording';
import type { Draft, Headline } from './change';
import { type Changes, reached } from './changes';
import type { Part } from './description';
import { type OperationContext, report } from './operation-context';
import { fingerprint } from './schema-view';
import { fromTo } from './words';

/** A way to authenticate: schemes with the scopes that each needs. */
interface Way {
  readonly part: Part;
  readonly schemes: ReadonlyMap<string, readonly string[]>;
}

/** Compares the ways to authenticate: every way that worked must still work. */
export function compareSecurity(context: OperationContext, olderRoot: Part, newerRoot: Part, older: Part, newer: Part): void {
  const [at, newAt] = [older.get('security') ?? olderRoot.get('security'), newer.get('security') ?? newerRoot.get('security')];
  if (fingerprint(at?.value) === fingerprint(newAt?.value)) return;
  const [ways, newWays] = [waysOf(at, olderRoot), waysOf(newAt, newerRoot)];
  const place = newAt ?? newer;
  for (const way of ways) {
    if (newWays.some((other) => suffices(way, other))) continue;
    const names = [...way.schemes.keys()];
    const more = newWays.find((other) => [...other.schemes.keys()].every((name) => way.schemes.has(name)));
    const say = (id: string, message: Headline, part: Part, details?: string) =>
      report(context, { id, impact: 'breaking', message, details, part, before: way.part });
    if (names.length === 0) {
      const details = 'Requests without credentials are refused.';
      say('authentication-required', (operations) => `Authentication is now required for ${operations}`, place, details);
    } else if (more) {
      const scopes = [...more.schemes].flatMap(([name, list]) => list.filter((scope) => !way.schemes.get(name)?.includes(scope)));
      const needed = `${scopes.length === 1 ? 'scope' : 'scopes'} ${listedBriefly(scopes.map(quoted))} of ${listed([...more.schemes.keys()].map(quoted))}`;
      const message: Headline = (operations) => `The ${needed} ${scopes.length === 1 ? 'is' : 'are'} now required for ${operations}`;
      say('security-scope-required', message, more.part, 'Tokens without it are refused.');
    } else {
      const message: Headline = (operations) => `Authentication by ${schemesText(way)} is no longer enough for ${operations}`;
      say('security-way-removed', message, place);
    }
  }
  for (const way of newWays) {
    const names = [...way.schemes.keys()];
    const isKnown = (other: Way) => suffices(way, other) || (names.length > 0 && suffices(other, way));
    if (ways.some(isKnown)) continue;
    if (names.some((name) => ways.some((other) => other.schemes.has(name)))) continue;
    const fact = names.length === 0 ? 'is no longer required' : `by ${schemesText(way)} is now accepted`;
    report(context, {
      id: names.length === 0 ? 'authentication-dropped' : 'security-way-added',
      impact: 'addition',
      message: (operations) => `Authentication ${fact} for ${operations}`,
      part: way.part,
      before: at ?? older,
    });
  }
}

/** "`key` and `oauth`": the schemes of a way in. */
function schemesText({ schemes }: Way): string {
  return listedBriefly([...schemes.keys()].map(quoted));
}

function quoted(name: string): string {
  return `\`${name}\``;
}

/** Whether a client that has what `have` asks for is let in by `way`. */
function suffices(have: Way, way: Way): boolean {
  return [...way.schemes].every(
    ([name, scopes]) => scopes.every((scope) => have.schemes.get(name)?.includes(scope)) && have.schemes.has(name),
  );
}

function waysOf(security: Part | undefined, root: Part): Way[] {
  const listed = security?.children ?? [];
  if (listed.length === 0) return [{ part: security ?? root, schemes: new Map() }];
  return listed.map((part) => ({
    part,
    schemes: new Map(part.children.map((scheme) => [scheme.name, Array.isArray(scheme.value) ? scheme.value.map(String) : []])),
  }));
}

/** Compares what the security schemes themselves are. */
export function compareSecuritySchemes(changes: Changes, older: Part, newer: Part): void {
  const [schemes, newSchemes] = [older, newer].map((root) => root.get('components')?.get('securitySchemes'));
  const add = (draft: Draft) => changes.add(draft, reached());
  for (const entry of schemes?.children ?? []) {
    const title = titleOf(entry.name);
    const otherEntry = newSchemes?.get(entry.name);
    if (otherEntry) compareScheme(add, entry.resolved, otherEntry.resolved, title);
    else
      add({
        id: 'security-scheme-removed',
        impact: 'risky',
        message: `${capitalised(title)} is removed`,
        part: newSchemes ?? newer,
        before: entry,
      });
  }
  for (const entry of newSchemes?.children ?? []) {
    if (schemes?.get(entry.name)) continue;
    const message = `${capitalised(titleOf(entry.name))} is new`;
    add({ id: 'security-scheme-added', impact: 'addition', message, part: entry, before: schemes });
  }
}

function titleOf(scheme: string): string {
  return `the security scheme ${quoted(scheme)}`;
}

type Add = (draft: Draft) => void;

function compareScheme(add: Add, older: Part, newer: Part, title: string): void {
  for (const key of ['type', 'in', 'name', 'scheme', 'openIdConnectUrl']) {
    const [before, now] = [older.get(key), newer.get(key)];
    const text = (part: Part | undefined) => (key === 'scheme' ? String(part?.value).toLowerCase() : part?.value);
    if (text(before) === text(now)) continue;
    const { fact, details } = fromTo(before?.value, now?.value);
    const refused = 'Requests that authenticate in the old way are refused.';
    add({
      id: 'security-scheme-changed',
      impact: 'breaking',
      message: `The ${quoted(key)} of ${title} changes${fact}`,
      details: sentences(details, refused),
      part: now ?? newer,
      before: before ?? older,
    });
  }
  const [flows, newFlows] = [older.get('flows'), newer.get('flows')];
  for (const flow of flows?.children ?? []) {
    const other = newFlows?.get(flow.name);
    if (other) compareFlow(add, flow, other, title);
    else {
      const message = `The flow ${quoted(flow.name)} of ${title} is removed`;
      const details = 'Clients that authenticate with it are refused.';
      add({ id: 'security-flow-removed', impact: 'breaking', message, details, part: newFlows ?? newer, before: flow });
    }
  }
  for (const flow of newFlows?.children ?? []) {
    if (flows?.get(flow.name)) continue;
    const message = `The flow ${quoted(flow.name)} of ${title} is new`;
    add({ id: 'security-flow-added', impact: 'addition', message, part: flow, before: flows ?? older });
  }
}

function compareFlow(add: Add, older: Part, newer: Part, title: string): void {
  for (const key of ['authorizationUrl', 'tokenUrl', 'refreshUrl']) {
    const [before, now] = [older.get(key), newer.get(key)];
    if (before?.value === now?.value) continue;
    const { fact, details } = fromTo(before?.value, now?.value);
    add({
      id: 'security-address-changed',
      impact: 'risky',
      message: `The ${quoted(key)} of ${title} changes${fact}`,
      details,
      part: now ?? newer,
      before: before ?? older,
    });
  }
  const [scopes, newScopes] = [older.get('scopes'), newer.get('scopes')];
  for (const scope of scopes?.children ?? []) {
    if (newScopes?.get(scope.name)) continue;
    const message = `The scope ${quoted(scope.name)} of ${title} is removed`;
    const details = 'Requests for it are refused.';
    add({ id: 'security-scope-removed', impact: 'breaking', message, details, part: newScopes ?? newer, before: scope });
  }
  for (const scope of newScopes?.children ?? []) {
    if (scopes?.get(scope.name)) continue;
    const message = `The scope ${quoted(scope.name)} of ${title} is new`;
    add({ id: 'security-scope-added', impact: 'addition', message, part: scope, before: scopes ?? older });
  }
}
