import { capitalised } from '../../../../core/wording';
import type { ApiImpact } from '../api-format';
import { type Changes, reached } from './changes';
import type { Part } from './description';
import { fromTo, shown } from './words';

/** Compares where the API is. Servers of single paths and operations are not looked at. */
export function compareServers(changes: Changes, older: Part, newer: Part): void {
  const [servers, newServers] = [older.get('servers'), newer.get('servers')];
  const [list, newList] = [servers?.children ?? [], newServers?.children ?? []];
  const from = reached();
  const isLeft = list.some((server) => newList.some((other) => urlOf(other) === urlOf(server)));
  for (const server of list) {
    const other = newList.find((candidate) => urlOf(candidate) === urlOf(server));
    if (other) {
      compareVariables(changes, server, other);
      continue;
    }
    const impact: ApiImpact = isLeft ? 'risky' : 'breaking';
    const message = `The server \`${urlOf(server)}\` is no longer listed`;
    const details = 'Clients that call it may get no answer.';
    changes.add({ id: 'server-removed', impact, message, details, part: newServers ?? newer, before: server }, from);
  }
  for (const server of newList) {
    if (list.some((other) => urlOf(other) === urlOf(server))) continue;
    changes.add(
      { id: 'server-added', impact: 'addition', message: `The server \`${urlOf(server)}\` is new`, part: server, before: servers },
      from,
    );
  }
}

function compareVariables(changes: Changes, older: Part, newer: Part): void {
  const from = reached();
  for (const variable of older.get('variables')?.children ?? []) {
    const other = newer.get('variables')?.get(variable.name);
    if (!other) continue;
    const title = `the variable \`${variable.name}\` of the server \`${urlOf(newer)}\``;
    const [before, now] = [variable.get('default'), other.get('default')];
    if (before?.value !== now?.value) {
      const { fact, details } = fromTo(before?.value, now?.value);
      const message = `The default of ${title} changes${fact}`;
      changes.add(
        { id: 'server-variable-default-changed', impact: 'risky', message, details, part: now ?? other, before: before ?? variable },
        from,
      );
    }
    const allowed = other.get('enum');
    if (!allowed) continue;
    for (const value of variable.get('enum')?.children ?? []) {
      if (allowed.children.some((candidate) => candidate.value === value.value)) continue;
      const message = `${capitalised(title)} can no longer be ${shown(value.value)}`;
      changes.add({ id: 'server-variable-value-removed', impact: 'breaking', message, part: allowed, before: value }, from);
    }
  }
}

function urlOf(server: Part): string {
  return String(server.fields.url).replace(/(?<=.)\/$/, '');
}
