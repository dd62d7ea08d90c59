import type { Fix } from '../core/finding';
import { asFields, fieldsOf, fieldsOfEach, type Fields } from '../sql/nodes';
import type { Check, MigrationContext } from './check';
import { constraintsOf, isSerial } from './support/column-definitions';
import { statedType } from './support/column-types';
import { writtenName } from './support/command-text';
import { displayName, headOf } from './support/evidence';
import { fix } from './support/fixes';
import { schemaOf, type SchemaPlace, type SchemaTable } from './support/schema';
import { rangeOfType } from './support/stated-columns';

export const check: Check = {
  id: 'table-without-primary-key',
  hazards: ['P82'],
  group: 'advice',
  severity: 'hint',
  summary: 'A table has no primary key, so its rows cannot be told apart and updates cannot be replicated.',
  looksAhead: true,
  *migration(migration, project) {
    for (const table of schemaOf(project).values()) {
      const { place } = table;
      if (!place || place.migration !== migration || place.isInside || !needsKey(table)) continue;
      const doubt = place.ran ? '' : ' This is judged by the scripts alone.';
      yield {
        range:
          writtenName(place.statement, asFields(fieldsOf(place.statement.node, 'CreateStmt')?.['relation'])?.['location']) ??
          headOf(place.statement),
        verified: place.ran,
        message: `Rows of ${displayName(table.name)} can be there twice with nothing to tell them apart, and once the table is in a publication for logical replication every UPDATE and DELETE of it fails, because it has no primary key. Give it one while it is empty: later the key builds its index while nobody can use the table.${doubt}`,
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
  const id = fieldsOfEach(create?.['tableElts'], 'ColumnDef').find(({ colname }) => colname === 'id');
  const range = id && rangeOfType(statement, id['typeName']);
  if (!create || create['partspec'] || create['inhRelations'] || !id || !range || !isFit(id)) return [];
  return [
    fix({ script: migration.up }, 'Make id the primary key', [{ range: { start: range.end, end: range.end }, newText: ' PRIMARY KEY' }]),
  ];
}

function isFit(column: Fields): boolean {
  const type = statedType(column['typeName']);
  const kinds = constraintsOf(column).map(({ contype }) => contype);
  const isNeverNull = isSerial(column) || kinds.includes('CONSTR_NOTNULL') || kinds.includes('CONSTR_IDENTITY');
  return isNeverNull && !kinds.includes('CONSTR_UNIQUE') && !type?.isArray && /^(?:bigint|uuid|text)$/.test(type?.name ?? '');
}
