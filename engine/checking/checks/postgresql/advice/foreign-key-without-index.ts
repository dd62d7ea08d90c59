import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import type { TextRange } from '../../../../core/text';
import { listed } from '../../../../core/wording';
import { fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { MigrationContext } from '../../../context/context';
import { writtenName } from '../support/command-text';
import { displayName, headOf, tablesBornInUnit } from '../support/evidence';
import { appendTo, fix } from '../support/fixes';
import { type SchemaForeignKey, schemaOf, type SchemaTable } from '../support/schema';
import { tokensOfConstraint } from '../support/stated-constraints';
import { sqlName } from '../support/type-changes';

export const check: Check = {
  id: 'foreign-key-without-index',
  hazards: ['P81'],
  severity: 'hint',
  summary: 'Adds a foreign key without an index on its columns, so deletes from the referenced table scan the whole table.',
  looksAhead: true,
  *migration(migration, project) {
    if (!/\breferences\b/i.test(migration.up.script.sql)) return;
    for (const table of schemaOf(project).values()) {
      if (table.kind === 'temporary' || table.kind === 'foreign' || table.isPartition) continue;
      for (const key of table.foreignKeys) {
        const { place } = key;
        if (place.migration !== migration || place.isInside || !isKnown(table, key) || isIndexed(table, key)) continue;
        const born = tablesBornInUnit(migration, project).has(table.name);
        const name = [table.name.slice(table.name.indexOf('.') + 1), ...key.columns, 'idx'].join('_');
        const rest = `${identifier(name)} ON ${sqlName(table.name)} (${key.columns.map(identifier).join(', ')})`;
        const columns = key.columns.length === 1 ? key.columns.join() : 'the foreign key';
        yield {
          range: rangeOfKey(key),
          verified: place.ran,
          reason: 'not-run',
          message: `Deletes from ${displayName(key.referenced)} scan all of ${displayName(table.name)}: no index on ${columns}`,
          details: `An UPDATE of the referenced key scans it too, and both keep their locks meanwhile. An index helps if it starts with ${listed(key.columns)}.`,
          advice: born
            ? `Create the index: CREATE INDEX ${rest};`
            : `Create the index in a migration of its own that runs outside a transaction: CREATE INDEX CONCURRENTLY ${rest};`,
          fixes: born ? indexFixes(migration, table, key, name, rest) : [],
        };
      }
    }
  },
};

/** Of a table that no known script makes, only a column that the scripts add is sure to have no index. */
function isKnown({ place, hasUnknownParts, columns }: SchemaTable, key: SchemaForeignKey): boolean {
  return (place !== undefined && !hasUnknownParts) || key.columns.every((column) => columns.has(column));
}

/** An index serves if the columns of the key are its first ones, in any order, and if it leaves out at most rows without a key. */
function isIndexed({ indexes }: SchemaTable, key: SchemaForeignKey): boolean {
  const wanted = [...key.columns].sort().join();
  return indexes.some(({ columns, condition, onlyLeavesOutNulls }) => {
    const first = columns.slice(0, key.columns.length);
    return (
      (condition === undefined || onlyLeavesOutNulls) &&
      first
        .map((column) => column ?? '')
        .sort()
        .join() === wanted
    );
  });
}

/** From REFERENCES to the table, or the first word of the constraint. */
function rangeOfKey({ place: { statement }, constraint }: SchemaForeignKey): TextRange {
  const tokens = tokensOfConstraint(statement, constraint);
  const first = tokens.findIndex(({ text }) => /^references$/i.test(text));
  const start = tokens[first]?.start;
  const table = writtenName(statement, constraint.pktable?.location);
  return start !== undefined && table ? { start, end: table.end } : headOf(statement);
}

/** Only for a table of the same migration: the build does not block any session there. */
function indexFixes(migration: MigrationContext, table: SchemaTable, { place }: SchemaForeignKey, name: string, rest: string): Fix[] {
  const { up } = migration;
  const isOwn = table.place?.migration === migration;
  const isTaken = table.indexes.some((index) => index.name === name) || new TextEncoder().encode(name).length > 63;
  if (!isOwn || isTaken) return [];
  const again = fieldsOf(place.statement.node, 'CreateStmt')?.if_not_exists === true ? 'IF NOT EXISTS ' : '';
  const lineEnd = up.script.text.includes('\r\n') ? '\r\n' : '\n';
  const edit = appendTo(place.statement, `;${lineEnd}CREATE INDEX ${again}${rest}`);
  return [fix({ script: up }, `Create the index ${name}`, [edit])];
}
