import type { ColumnDef } from '@pgsql/types';
import type { Fix } from '../../../../core/finding';
import { fieldsOf, fieldsOfEach } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { MigrationContext } from '../../../context/context';
import { constraintsOf, isSerial } from '../support/column-definitions';
import { statedType } from '../support/column-types';
import { writtenName } from '../support/command-text';
import { displayName, headOf } from '../support/evidence';
import { fix } from '../support/fixes';
import { schemaOf, type SchemaPlace, type SchemaTable } from '../support/schema';
import { rangeOfType } from '../support/stated-columns';

export const check: Check = {
  id: 'table-without-primary-key',
  hazards: ['P82'],
  severity: 'hint',
  summary: 'Creates a table without a primary key, so rows can be duplicates and updates cannot be replicated.',
  looksAhead: true,
  *migration(migration, project) {
    for (const table of schemaOf(project).values()) {
      const { place } = table;
      if (!place || place.migration !== migration || place.isInside || !needsKey(table)) continue;
      yield {
        range: writtenName(place.statement, fieldsOf(place.statement.node, 'CreateStmt')?.relation?.location) ?? headOf(place.statement),
        verified: place.ran,
        reason: 'not-run',
        message: `Creates ${displayName(table.name)} without a primary key: rows can be exact duplicates`,
        details: 'If a publication contains the table, UPDATE and DELETE fail unless it has another replica identity.',
        advice: 'Add a primary key while the table is empty. Later, ADD PRIMARY KEY builds its index under an ACCESS EXCLUSIVE lock.',
        fixes: keyFixes(migration, place),
      };
    }
  },
};

function needsKey({ kind, isPartition, hasUnknownParts, indexes }: SchemaTable): boolean {
  const isOrdinary = kind === 'table' || kind === 'partitioned';
  return isOrdinary && !isPartition && !hasUnknownParts && !indexes.some(({ isPrimary }) => isPrimary);
}

/** Makes a column `id` the key that is never NULL and wide enough. */
function keyFixes(migration: MigrationContext, { statement }: SchemaPlace): Fix[] {
  const create = fieldsOf(statement.node, 'CreateStmt');
  const id = fieldsOfEach(create?.tableElts, 'ColumnDef').find(({ colname }) => colname === 'id');
  const range = id && rangeOfType(statement, id.typeName);
  if (!create || create.partspec || create.inhRelations || !id || !range || !isFit(id)) return [];
  return [
    fix({ script: migration.up }, 'Make id the primary key', [{ range: { start: range.end, end: range.end }, newText: ' PRIMARY KEY' }]),
  ];
}

function isFit(column: ColumnDef): boolean {
  const type = statedType(column.typeName);
  const kinds = constraintsOf(column).map(({ contype }) => contype);
  const isNeverNull = isSerial(column) || kinds.includes('CONSTR_NOTNULL') || kinds.includes('CONSTR_IDENTITY');
  return isNeverNull && !kinds.includes('CONSTR_UNIQUE') && !type?.isArray && /^(?:bigint|uuid|text)$/.test(type?.name ?? '');
}
