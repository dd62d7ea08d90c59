import { createHash } from 'node:crypto';
import type { SchemaState } from '../journal/journal-state';
import { looseDefinition } from '../backups/fingerprint';
import { schemaFactsSql } from '../backups/schema-facts';
import type { Described } from '../../databases/postgresql/shadow/describe-differences';
import type { TargetSession } from '../../databases/postgresql/connections/target';

/**
 * The target's schema as it is now, without the journal and without rows. What differs between equal histories is left out:
 * the order of columns, names of constraints, comments, and how the server prints an expression.
 */
export async function readSchemaState(session: TargetSession): Promise<SchemaState> {
  const rows = await session.transaction(async () => {
    await session.execute('set transaction read only; set local search_path = pg_catalog');
    return session.query(`select f.kind, f.name, f.definition from (${schemaFactsSql}) as f (kind, name, definition)`);
  });
  const definitions = new Map<string, string[]>();
  for (const row of rows) {
    const kind = String(row.kind);
    if (kind === 'comment') continue;
    const definition = String(row.definition ?? '');
    const name = String(row.name);
    const object = kind === 'constraint' ? `constraint${name.slice(name.indexOf(' on '))}` : `${kind} ${name}`;
    const same = definitions.get(object) ?? [];
    same.push(looseDefinition(kind === 'column' ? definition.replace(/^\d+\|/, '') : definition));
    definitions.set(object, same);
  }
  const objects = Object.fromEntries(
    [...definitions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([object, texts]) => [object, shortHash(texts)]),
  );
  return { fingerprint: `sha256:${createHash('sha256').update(JSON.stringify(objects)).digest('hex')}`, objects };
}

/** What `actual` has too much, too little or otherwise; empty when the two are equal. A whole table stands for its parts. */
export function schemaDifferences(expected: SchemaState, actual: SchemaState): Described[] {
  const names = [...new Set([...Object.keys(expected.objects), ...Object.keys(actual.objects)])].sort();
  const inOne = (name: string): boolean => (expected.objects[name] === undefined) !== (actual.objects[name] === undefined);
  const wholeTables = names.filter((name) => name.startsWith('relation ') && inOne(name)).map((name) => name.slice('relation '.length));
  const isPart = (name: string): boolean =>
    wholeTables.some((table) => name.startsWith(`column ${table}.`) || (!name.startsWith('relation ') && name.endsWith(` on ${table}`)));
  return names.flatMap((object) => {
    if (isPart(object)) return [];
    const before = expected.objects[object];
    const after = actual.objects[object];
    if (before === after) return [];
    const table = /^column (.+)\.[^.]+$/.exec(object)?.[1];
    return {
      kind: before === undefined ? 'left-over' : after === undefined ? 'missing' : 'changed',
      object,
      ...(table !== undefined && { table }),
    };
  });
}

function shortHash(texts: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([...texts].sort()))
    .digest('hex')
    .slice(0, 16);
}
