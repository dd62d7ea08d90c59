import type { LockMode, RelationName } from '../shadow/observation';
import type { SqlNode } from '../sql/statement';
import { qualifiedName, type RangeVarLike } from './evidence';

/** Long work on a table under a lock, as the syntax lets expect it. */
export interface ExpectedWork {
  readonly table: RelationName;
  readonly mode: LockMode;
  readonly work: 'rewrite' | 'scan';
}

type Fields = Record<string, unknown>;

/** Functions that PostgreSQL evaluates once for a default, so that adding the column rewrites nothing. */
const stableFunctions = new Set(['now', 'transaction_timestamp', 'statement_timestamp', 'current_schema', 'current_user']);

/**
 * What a statement that the shadow could not run is likely to do to tables that exist (hazards-postgresql, appendix A).
 * Never used where an observation exists.
 */
export function expectedWork(node: SqlNode): ExpectedWork[] {
  const index = node['IndexStmt'];
  if (index) return index['concurrent'] === true ? [] : [{ table: tableOf(index), mode: 'Share', work: 'scan' }];
  const alter = node['AlterTableStmt'];
  if (alter && alter['objtype'] === 'OBJECT_TABLE') {
    const commands = (alter['cmds'] as { AlterTableCmd: Fields }[] | undefined) ?? [];
    const works = commands.flatMap(({ AlterTableCmd }) => commandWork(AlterTableCmd, tableOf(alter)));
    return strongestPerTable(works);
  }
  const vacuum = node['VacuumStmt'];
  if (vacuum && JSON.stringify(vacuum['options'] ?? []).includes('"full"')) {
    const relations = (vacuum['rels'] as { VacuumRelation: { relation?: RangeVarLike } }[] | undefined) ?? [];
    return relations.map(({ VacuumRelation }) => ({
      table: qualifiedName(VacuumRelation.relation ?? {}),
      mode: 'AccessExclusive',
      work: 'rewrite',
    }));
  }
  const cluster = node['ClusterStmt'];
  if (cluster?.['relation']) return [{ table: tableOf(cluster), mode: 'AccessExclusive', work: 'rewrite' }];
  return [];
}

function tableOf(fields: Fields): RelationName {
  return qualifiedName((fields['relation'] as RangeVarLike | undefined) ?? {});
}

function commandWork(command: Fields, table: RelationName): ExpectedWork[] {
  const definition = command['def'] as { Constraint?: Fields; ColumnDef?: Fields } | undefined;
  switch (command['subtype']) {
    case 'AT_SetNotNull':
      return [{ table, mode: 'AccessExclusive', work: 'scan' }];
    case 'AT_AlterColumnType':
      return [{ table, mode: 'AccessExclusive', work: 'rewrite' }];
    case 'AT_AddConstraint':
      return constraintWork(definition?.Constraint ?? {}, table);
    case 'AT_AddColumn':
      return columnWork(definition?.ColumnDef ?? {}, table);
    default:
      return [];
  }
}

function constraintWork(constraint: Fields, table: RelationName): ExpectedWork[] {
  if (constraint['skip_validation'] === true || constraint['indexname'] !== undefined) return [];
  switch (constraint['contype']) {
    case 'CONSTR_FOREIGN': {
      const other = qualifiedName((constraint['pktable'] as RangeVarLike | undefined) ?? {});
      return [table, other].map((each) => ({ table: each, mode: 'ShareRowExclusive', work: 'scan' }));
    }
    case 'CONSTR_CHECK':
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
    case 'CONSTR_EXCLUSION':
      return [{ table, mode: 'AccessExclusive', work: 'scan' }];
    default:
      return [];
  }
}

function columnWork(column: Fields, table: RelationName): ExpectedWork[] {
  const constraints = ((column['constraints'] as { Constraint: Fields }[] | undefined) ?? []).map(({ Constraint }) => Constraint);
  const typeName = JSON.stringify(column['typeName'] ?? {});
  const rewrites =
    /"(small|big)?serial[248]?"/.test(typeName) ||
    constraints.some(
      (constraint) =>
        constraint['contype'] === 'CONSTR_IDENTITY' ||
        (constraint['contype'] === 'CONSTR_GENERATED' && constraint['generated_kind'] !== 'v') ||
        (constraint['contype'] === 'CONSTR_DEFAULT' && callsVolatileFunction(constraint['raw_expr'])),
    );
  if (rewrites) return [{ table, mode: 'AccessExclusive', work: 'rewrite' }];
  const scans = constraints.some(
    ({ contype }) => contype === 'CONSTR_CHECK' || contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY',
  );
  return scans ? [{ table, mode: 'AccessExclusive', work: 'scan' }] : [];
}

function callsVolatileFunction(expression: unknown): boolean {
  if (typeof expression !== 'object' || expression === null) return false;
  const call = (expression as { FuncCall?: { funcname?: { String?: { sval?: string } }[] } }).FuncCall;
  const name = call?.funcname?.at(-1)?.String?.sval;
  if (name !== undefined && !stableFunctions.has(name)) return true;
  return Object.values(expression).some(callsVolatileFunction);
}

function strongestPerTable(works: ExpectedWork[]): ExpectedWork[] {
  const byTable = new Map<RelationName, ExpectedWork>();
  for (const work of works) {
    const known = byTable.get(work.table);
    if (!known || (known.work === 'scan' && work.work === 'rewrite')) byTable.set(work.table, work);
  }
  return [...byTable.values()];
}
