import type { Changes } from './changes';
import { reached } from './changes';
import type { Part } from './description';
import { type OperationContext, report } from './operations';
import { fingerprint } from './schema-view';

/** One way to be let in: schemes with the scopes that each needs. */
interface Way {
  readonly part: Part;
  readonly schemes: ReadonlyMap<string, readonly string[]>;
}

/** Compares who is let in: every way that worked must still work. */
export function compareSecurity(context: OperationContext, olderRoot: Part, newerRoot: Part, older: Part, newer: Part): void {
  const [at, newAt] = [older.get('security') ?? olderRoot.get('security'), newer.get('security') ?? newerRoot.get('security')];
  if (fingerprint(at?.value) === fingerprint(newAt?.value)) return;
  const [ways, newWays] = [waysOf(at, olderRoot), waysOf(newAt, newerRoot)];
  const place = newAt ?? newer;
  for (const way of ways) {
    if (newWays.some((other) => suffices(way, other))) continue;
    const names = [...way.schemes.keys()];
    const more = newWays.find((other) => [...other.schemes.keys()].every((name) => way.schemes.has(name)));
    if (names.length === 0) {
      const text = 'Authentication is now required: requests without it are refused.';
      report(context, 'authentication-required', 'breaking', text, place, way.part);
    } else if (more) {
      const scopes = [...more.schemes].flatMap(([name, list]) => list.filter((scope) => !way.schemes.get(name)?.includes(scope)));
      const text = `The scope ${scopes.join(', ')} of ${[...more.schemes.keys()].join(' and ')} is now required: tokens without it are refused.`;
      report(context, 'security-scope-required', 'breaking', text, more.part, way.part);
    } else {
      const text = `Authentication by ${names.join(' with ')} alone is no longer accepted.`;
      report(context, 'security-way-removed', 'breaking', text, place, way.part);
    }
  }
  for (const way of newWays) {
    const names = [...way.schemes.keys()];
    const isKnown = (other: Way) => suffices(way, other) || (names.length > 0 && suffices(other, way));
    if (ways.some(isKnown)) continue;
    if (names.some((name) => ways.some((other) => other.schemes.has(name)))) continue;
    const text =
      names.length === 0 ? 'Authentication is no longer required.' : `Authentication by ${names.join(' with ')} is now accepted.`;
    report(context, names.length === 0 ? 'authentication-dropped' : 'security-way-added', 'addition', text, way.part, at ?? older);
  }
}

/** Whether who has what `have` asks for is let in by `way`. */
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
  const from = reached();
  for (const entry of schemes?.children ?? []) {
    const otherEntry = newSchemes?.get(entry.name);
    if (!otherEntry) {
      const message = `The security scheme ${entry.name} was removed.`;
      changes.add({ id: 'security-scheme-removed', impact: 'risky', message, part: newSchemes ?? newer, before: entry }, from);
      continue;
    }
    compareScheme(changes, entry.resolved, otherEntry.resolved, entry.name);
  }
  for (const entry of newSchemes?.children ?? []) {
    if (schemes?.get(entry.name)) continue;
    changes.add(
      {
        id: 'security-scheme-added',
        impact: 'addition',
        message: `The security scheme ${entry.name} is new.`,
        part: entry,
        before: schemes,
      },
      from,
    );
  }
}

function compareScheme(changes: Changes, older: Part, newer: Part, name: string): void {
  const from = reached();
  for (const key of ['type', 'in', 'name', 'scheme', 'openIdConnectUrl']) {
    const [before, now] = [older.get(key), newer.get(key)];
    const text = (part: Part | undefined) => (key === 'scheme' ? String(part?.value).toLowerCase() : part?.value);
    if (text(before) === text(now)) continue;
    const message = `The security scheme ${name} had the ${key} ${String(before?.value ?? 'unset')} and now has ${String(now?.value ?? 'unset')}: clients that sign in the old way are refused.`;
    changes.add({ id: 'security-scheme-changed', impact: 'breaking', message, part: now ?? newer, before: before ?? older }, from);
  }
  const [flows, newFlows] = [older.get('flows'), newer.get('flows')];
  for (const flow of flows?.children ?? []) {
    const other = newFlows?.get(flow.name);
    if (other) compareFlow(changes, flow, other, name);
    else {
      const message = `The security scheme ${name} no longer has the flow ${flow.name}: clients that use it are refused.`;
      changes.add({ id: 'security-flow-removed', impact: 'breaking', message, part: newFlows ?? newer, before: flow }, from);
    }
  }
  for (const flow of newFlows?.children ?? []) {
    if (flows?.get(flow.name)) continue;
    const message = `The security scheme ${name} now has the flow ${flow.name}.`;
    changes.add({ id: 'security-flow-added', impact: 'addition', message, part: flow, before: flows ?? older }, from);
  }
}

function compareFlow(changes: Changes, older: Part, newer: Part, name: string): void {
  const from = reached();
  for (const key of ['authorizationUrl', 'tokenUrl', 'refreshUrl']) {
    const [before, now] = [older.get(key), newer.get(key)];
    if (before?.value === now?.value) continue;
    const message = `The ${key} of the security scheme ${name} was ${String(before?.value ?? 'unset')} and is now ${String(now?.value ?? 'unset')}.`;
    changes.add({ id: 'security-address-changed', impact: 'risky', message, part: now ?? newer, before: before ?? older }, from);
  }
  const [scopes, newScopes] = [older.get('scopes'), newer.get('scopes')];
  for (const scope of scopes?.children ?? []) {
    if (newScopes?.get(scope.name)) continue;
    const message = `The security scheme ${name} no longer has the scope ${scope.name}: clients that request it are refused.`;
    changes.add({ id: 'security-scope-removed', impact: 'breaking', message, part: newScopes ?? newer, before: scope }, from);
  }
  for (const scope of newScopes?.children ?? []) {
    if (scopes?.get(scope.name)) continue;
    const message = `The security scheme ${name} now has the scope ${scope.name}.`;
    changes.add({ id: 'security-scope-added', impact: 'addition', message, part: scope, before: scopes ?? older }, from);
  }
}
