import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import { fieldsOf, nameParts, relationName } from '../../../../databases/postgresql/sql/nodes';
import { listedBriefly } from '../../../../core/wording';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { headOfCommand, rangeOfCommand, writtenTable } from '../support/command-text';
import { fix } from '../support/fixes';
import { isOfNewEmptyTable } from '../support/foreign-keys';
import { type CauseInStatement, workCausedBy } from '../support/lock-causes';
import { firstWithPartitionedNotValid, keyByPartitions, partitionedTableOf } from '../support/partitions';
import { displayName } from '../support/evidence';
import { firstFitting } from '../../support/headline';
import { blockedBy, blocksWrites, lockTitles, type TableWork, tableWork, workFinding } from '../support/table-work';

export const check: Check = {
  id: 'foreign-key-validates',
  hazards: ['P8'],
  severity: 'warning',
  summary: 'Validates a new foreign key under locks that block writes to both tables.',
  looksInside: true,
  *statement(context) {
    const caused = workCausedBy(context, 'foreign-key');
    const [cause] = caused?.causes ?? [];
    if (!caused || !cause) return;
    if (isOfNewEmptyTable(context)) return;
    const column = cause.column ? 'Add the column without REFERENCES and the foreign key separately. ' : '';
    const partitioned = context.project.minimum < firstWithPartitionedNotValid ? partitionedTableOf(context) : undefined;
    const advice = `${column}${
      partitioned === undefined
        ? `Add the foreign key NOT VALID, which skips the scan, and validate it in a later migration: ${validation(context, cause)}`
        : keyByPartitions(context.project, partitioned, nameOf(context, cause))
    }`;
    const referenced = lockedReferenced(context, cause);
    yield workFinding(context, [...caused.works, ...referenced], {
      ...(referenced.length > 0 && textOf(caused.works, referenced)),
      advice,
      range: headOfCommand(context.statement, cause.command),
      fixes: fixes(context, caused.causes),
    });
  },
};

/** The referenced table, which is locked for as long as the other one is scanned, where it is not scanned itself. */
function lockedReferenced(context: StatementContext, { constraint }: CauseInStatement): TableWork[] {
  const name = relationName(constraint?.pktable);
  return tableWork(context).filter(
    ({ table, mode, work }) =>
      work === 'none' && blocksWrites(mode) && (name?.schema ? table === `${name.schema}.${name.name}` : table.endsWith(`.${name?.name}`)),
  );
}

function textOf(scanned: readonly TableWork[], referenced: readonly TableWork[]): Pick<FindingDraft, 'message' | 'details'> {
  const mode = scanned[0]?.mode ?? 'ShareRowExclusive';
  const names = (works: readonly TableWork[]) => works.map(({ table }) => displayName(table));
  const others = referenced.filter((each) => each.mode !== mode);
  const tables = listedBriefly(names([...scanned, ...referenced.filter((each) => each.mode === mode)]));
  const start = `Blocks ${blockedBy(mode)} ${tables} while ${listedBriefly(names(scanned))} ${scanned.length === 1 ? 'is' : 'are'} scanned`;
  const details = others
    .map((each) => `Also blocks ${blockedBy(each.mode)} ${displayName(each.table)} (${lockTitles[each.mode]}).`)
    .join(' ');
  return { message: firstFitting([`${start} (${lockTitles[mode]})`, start]), details: details || undefined };
}

function validation(context: StatementContext, cause: CauseInStatement): string {
  const { statement } = context;
  const table = writtenTable(statement, 'AlterTableStmt') ?? '...';
  return `ALTER TABLE ${table} VALIDATE CONSTRAINT ${nameOf(context, cause)};`;
}

/** The constraint's name as SQL: the written one, or the one that PostgreSQL chooses. */
function nameOf({ statement }: StatementContext, { constraint, column }: CauseInStatement): string {
  const relation = fieldsOf(statement.node, 'AlterTableStmt')?.relation?.relname ?? '';
  const keys = column?.colname === undefined ? nameParts(constraint?.fk_attrs) : [column.colname];
  return identifier(constraint?.conname ?? [relation, ...keys, 'fkey'].join('_'));
}

/** NOT VALID for each foreign key that the statement adds to the table; one in a column definition cannot be. */
function fixes(context: StatementContext, causes: readonly CauseInStatement[]): Fix[] {
  const { project, statement, inside } = context;
  const isRefused = partitionedTableOf(context) !== undefined && project.minimum < firstWithPartitionedNotValid;
  const ends = causes.map(({ column, command }) => (column || !command ? undefined : rangeOfCommand(statement, command)?.end));
  if (inside || isRefused || ends.includes(undefined)) return [];
  const edits = ends.flatMap((end) => (end === undefined ? [] : { range: { start: end, end }, newText: ' NOT VALID' }));
  return [fix(context, 'Add the foreign key NOT VALID (validate it in a later migration)', edits)];
}
