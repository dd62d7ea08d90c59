import type { PartitionBoundSpec } from '@pgsql/types';
import { identifier, stringConstant } from '../../../../databases/postgresql/sql/quoting';
import type { RelationName } from '../../../../databases/observation';
import { fieldsOf, fieldsOfEach } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { StatementContext } from '../../../context/context';
import { relationOf } from './evidence';

/** The columns by which a script of the chain partitions the table; undefined where none is known, or an expression decides. */
export function partitionColumns(context: StatementContext, parent: RelationName): readonly string[] | undefined {
  let columns: readonly string[] | undefined;
  for (const migration of context.project.chain) {
    for (const { node } of migration.up.statements) {
      const create = fieldsOf(node, 'CreateStmt');
      if (!create?.partspec || relationOf(create.relation) !== parent) continue;
      const names = fieldsOfEach(create.partspec.partParams, 'PartitionElem').map(({ name }) => name);
      columns = names.every((name) => name !== undefined) ? names : undefined;
    }
    if (migration === context.migration) break;
  }
  return columns;
}

/** The condition that every row of a partition fulfils, for one column by range or list; undefined where it is not that plain. */
export function conditionOf(bound: PartitionBoundSpec, columns: readonly string[] | undefined): string | undefined {
  const [column] = columns ?? [];
  if (column === undefined || columns?.length !== 1) return undefined;
  const name = identifier(column);
  if (bound.strategy === 'l') {
    const values = (bound.listdatums ?? []).map(constantText);
    return values.every((value) => value !== undefined && value !== 'NULL')
      ? `${name} IS NOT NULL AND ${name} IN (${values.join(', ')})`
      : undefined;
  }
  if (bound.strategy !== 'r') return undefined;
  const from = limitText(bound.lowerdatums?.[0], 'minvalue');
  const to = limitText(bound.upperdatums?.[0], 'maxvalue');
  if (from === undefined || to === undefined) return undefined;
  return [`${name} IS NOT NULL`, from && `${name} >= ${from}`, to && `${name} < ${to}`].filter(Boolean).join(' AND ');
}

/** The constant as SQL; empty for the bound that is none; undefined for what is no constant. */
function limitText(datum: SqlNode | undefined, none: 'minvalue' | 'maxvalue'): string | undefined {
  const name = fieldsOf(datum, 'ColumnRef')?.fields?.[0];
  if (fieldsOf(name, 'String')?.sval?.toLowerCase() === none) return '';
  return constantText(datum);
}

function constantText(datum: SqlNode | undefined): string | undefined {
  const constant = fieldsOf(datum, 'A_Const');
  if (!constant) return undefined;
  const { isnull, sval, ival, fval } = constant;
  if (isnull) return 'NULL';
  if (sval?.sval !== undefined) return stringConstant(sval.sval);
  return ival ? String(ival.ival ?? 0) : fval?.fval;
}
