import { createHash } from 'node:crypto';
import { looseDefinition } from '../recovery/fingerprint';
import { schemaFactsSql } from '../recovery/schema-facts';
import type { TargetSession } from '../targets/target';

/**
 * `sha256:<hex>` of the target's schema as it is now, without the journal and without rows. What differs between equal
 * histories is left out: the order of columns, names of constraints, comments, and how the server prints an expression.
 */
export async function schemaFingerprint(session: TargetSession): Promise<string> {
  const rows = await session.transaction(async () => {
    await session.execute('set transaction read only; set local search_path = pg_catalog');
    return session.query(`select f.kind, f.name, f.definition from (${schemaFactsSql}) as f (kind, name, definition)`);
  });
  const lines = rows
    .filter((row) => row.kind !== 'comment')
    .map((row) => lineOf(String(row.kind), String(row.name), String(row.definition ?? '')))
    .sort();
  return `sha256:${createHash('sha256').update(lines.join('\n')).digest('hex')}`;
}

function lineOf(kind: string, name: string, definition: string): string {
  const loose = looseDefinition(kind === 'column' ? definition.replace(/^\d+\|/, '') : definition);
  return `${kind} ${kind === 'constraint' ? name.slice(name.indexOf(' on ')) : name} ${loose}`;
}
