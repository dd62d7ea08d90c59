import { identifier, stringConstant } from '../../../../databases/postgresql/sql/quoting';
import type { RelationName } from '../../../../databases/observation';
import { asFields, asNode, asNodes, asText, fieldsOf, type Fields } from '../../../../databases/postgresql/sql/untyped-nodes';
import type { StatementContext } from '../../../context/context';
import { relationOf } from './evidence';

/** The columns by which a script of the chain partitions the table; undefined where none is known, or an expression decides. */
export function partitionColumns(context: StatementContext, parent: RelationName): readonly string[] | undefined {
  let columns: readonly string[] | undefined;
  for (const migration of context.project.chain) {
    for (const { node } of migration.up.statements) {
      const create = fieldsOf(node, 'CreateStmt');
      const spec = asFields(create?.['partspec']);
      if (!create || !spec || relationOf(create['relation']) !== parent) continue;
      const names = asNodes(spec['partParams']).map((each) => asText(fieldsOf(each, 'PartitionElem')?.['name']));
      columns = names.every((name) => name !== undefined) ? names : undefined;
    }
    if (migration === context.migration) break;
  }
  return columns;
}

/** The condition that every row of a partition fulfils, for one column by range or list; undefined where it is not that plain. */
export function conditionOf(bound: Fields, columns: readonly string[] | undefined): string | undefined {
  const [column] = columns ?? [];
  if (column === undefined || columns?.length !== 1) return undefined;
  const name = identifier(column);
  if (bound['strategy'] === 'l') {
    const values = asNodes(bound['listdatums']).map(constantText);
    return values.every((value) => value !== undefined && value !== 'NULL')
      ? `${name} IS NOT NULL AND ${name} IN (${values.join(', ')})`
      : undefined;
  }
  if (bound['strategy'] !== 'r') return undefined;
  const [lower] = asNodes(bound['lowerdatums']);
  const [upper] = asNodes(bound['upperdatums']);
  const from = limitText(lower, 'minvalue');
  const to = limitText(upper, 'maxvalue');
  if (from === undefined || to === undefined) return undefined;
  return [`${name} IS NOT NULL`, from && `${name} >= ${from}`, to && `${name} < ${to}`].filter(Boolean).join(' AND ');
}

/** The constant as SQL; empty for the bound that is none; undefined for what is no constant. */
function limitText(datum: unknown, none: 'minvalue' | 'maxvalue'): string | undefined {
  const name = asNodes(fieldsOf(asNode(datum), 'ColumnRef')?.['fields'])[0];
  if (asText(fieldsOf(name, 'String')?.['sval'])?.toLowerCase() === none) return '';
  return constantText(datum);
}

function constantText(datum: unknown): string | undefined {
  const constant = fieldsOf(asNode(datum), 'A_Const');
  if (!constant) return undefined;
  if (constant['isnull'] === true) return 'NULL';
  const text = asText(asFields(constant['sval'])?.['sval']);
  if (text !== undefined) return stringConstant(text);
  const integer = asFields(constant['ival']);
  return integer ? String(Number(integer['ival'] ?? 0)) : asText(asFields(constant['fval'])?.['fval']);
}
