import { identifier } from '../sql/quoting';
import type { Fix } from '../core/finding';
import { asText, fieldsOf, nameParts, relationName } from '../sql/nodes';
import type { Check, StatementContext } from './check';
import { headOfCommand, rangeOfCommand, writtenTable } from './support/command-text';
import { fix } from './support/fixes';
import { isOfNewEmptyTable } from './support/foreign-keys';
import { type CauseInStatement, workCausedBy } from './support/lock-causes';
import { firstWithPartitionedNotValid, keyByPartitions, partitionedTableOf } from './support/partitions';
import { blocksWrites, type TableWork, tableWork, workFinding } from './support/table-work';

export const check: Check = {
  id: 'foreign-key-validates',
  hazards: ['P8'],
  group: 'locks',
  severity: 'warning',
  summary: 'A foreign key checks every row while writes of both of its tables wait.',
  looksInside: true,
  *statement(context) {
    const caused = workCausedBy(context, 'foreign-key');
    const [cause] = caused?.causes ?? [];
    if (!caused || !cause) return;
    if (isOfNewEmptyTable(context)) return;
    const column = cause.column ? 'Add the column without REFERENCES and the foreign key on its own. ' : '';
    const partitioned = context.project.minimum < firstWithPartitionedNotValid ? partitionedTableOf(context) : undefined;
    const advice = `${column}${
      partitioned === undefined
        ? `Add it NOT VALID, which reads nothing and holds for all rows written from then on, and check the old rows in a later migration: ${validation(context, cause)}`
        : keyByPartitions(context.project, partitioned, nameOf(context, cause))
    }`;
    yield workFinding(context, bothTables(context, caused.works, cause), {
      advice,
      range: headOfCommand(context.statement, cause.command),
      fixes: fixes(context, caused.causes),
    });
  },
};

/** The referenced table is locked for as long as the other one is read, whether the check reads it as a whole or by its index. */
function bothTables(context: StatementContext, works: readonly TableWork[], { constraint }: CauseInStatement): TableWork[] {
  const name = relationName(constraint?.['pktable']);
  const referenced = tableWork(context).filter(
    ({ table, mode, work }) =>
      work === 'none' && blocksWrites(mode) && (name?.schema ? table === `${name.schema}.${name.name}` : table.endsWith(`.${name?.name}`)),
  );
  return [...works, ...referenced.map((each): TableWork => ({ ...each, work: 'scan' }))];
}

function validation(context: StatementContext, cause: CauseInStatement): string {
  const { statement } = context;
  const table = writtenTable(statement, 'AlterTableStmt') ?? '...';
  return `ALTER TABLE ${table} VALIDATE CONSTRAINT ${nameOf(context, cause)};`;
}

/** The constraint's name as it stands in SQL: the written one or the server's choice. */
function nameOf({ statement }: StatementContext, { constraint, column }: CauseInStatement): string {
  const relation = relationName(fieldsOf(statement.node, 'AlterTableStmt')?.['relation'])?.name ?? '';
  const own = column && asText(column['colname']);
  const keys = own === undefined ? nameParts(constraint?.['fk_attrs']) : [own];
  return identifier(asText(constraint?.['conname']) ?? [relation, ...keys, 'fkey'].join('_'));
}

/** NOT VALID for each foreign key that the statement adds to the table; one in a column definition cannot be. */
function fixes(context: StatementContext, causes: readonly CauseInStatement[]): Fix[] {
  const { project, statement, inside } = context;
  const isRefused = partitionedTableOf(context) !== undefined && project.minimum < firstWithPartitionedNotValid;
  const ends = causes.map(({ column, command }) => (column || !command ? undefined : rangeOfCommand(statement, command)?.end));
  if (inside || isRefused || ends.includes(undefined)) return [];
  const edits = ends.flatMap((end) => (end === undefined ? [] : { range: { start: end, end }, newText: ' NOT VALID' }));
  return [fix(context, 'Add the foreign key NOT VALID; validate it in a later migration', edits)];
}
