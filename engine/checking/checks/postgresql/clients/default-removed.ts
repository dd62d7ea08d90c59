import { alterTableCommands, fieldsOf, fieldsOfEach } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { constraintsOf, isSerial } from '../support/column-definitions';
import {
  alteredTableInUse,
  columnsBornInUnit,
  displayName,
  earlierReleasesRun,
  headOf,
  lockEvidence,
  relationOf,
} from '../support/evidence';

export const check: Check = {
  id: 'default-removed',
  hazards: ['P67'],
  severity: 'info',
  summary: 'Removes or changes the default of a column that earlier releases may leave out.',
  looksInside: true,
  *statement(context) {
    const altered = alteredTableInUse(context);
    if (!altered || !earlierReleasesRun(context)) return;
    const { table, commands } = altered;
    const born = columnsBornInUnit(context.migration, context.project);
    for (const { subtype, name, def } of commands) {
      if (subtype !== 'AT_ColumnDefault' || name === undefined || born.has(`${table}.${name}`) || !hadDefault(context, table, name))
        continue;
      const column = `${displayName(table)}.${name}`;
      yield {
        range: headOf(context.statement),
        cause: def ? 'changed' : 'removed',
        message: `${def ? 'Changes' : 'Removes'} the default of ${column}, which earlier releases may rely on`,
        details: def
          ? 'INSERTs that leave the column out write another value.'
          : 'INSERTs that leave the column out write NULL, or fail if the column is NOT NULL.',
        advice: def
          ? 'Let every release state the value first, or change the default when no earlier release runs.'
          : 'Keep the default until no running release relies on it.',
        verified: lockEvidence(context) !== undefined && !isAssumed(context, table, name),
      };
    }
  },
};

/** False when every earlier statement is known and none gives the column a default: setting a first one takes nothing away. */
function hadDefault(context: StatementContext, table: string, column: string): boolean {
  const evidence = isAssumed(context, table, column) ? undefined : lockEvidence(context);
  if (evidence && !evidence.changes.some(({ object }) => object === `column ${table}.${column}`)) return false;
  let known: boolean | undefined;
  for (const member of context.project.chain) {
    for (const statement of member.up.statements) {
      if (statement === (context.inside ?? context.statement)) return known ?? !context.project.completeHistory;
      known = statement.node ? (defaultGivenBy(statement.node, table, column) ?? known) : known;
    }
  }
  return true;
}

/** True for a column that the shadow was only given, so that its default is unknown. */
function isAssumed({ migration }: StatementContext, table: string, column: string): boolean {
  return migration.assumed.some(({ object }) => object === `table ${table}` || object === `column ${table}.${column}`);
}

/** Whether the statement leaves the column with a default; undefined when it does not concern the default. */
function defaultGivenBy(node: SqlNode, table: string, column: string): boolean | undefined {
  const create = fieldsOf(node, 'CreateStmt');
  if (create && relationOf(create.relation) === table) return columnDefault(create.tableElts, column);
  const alter = fieldsOf(node, 'AlterTableStmt');
  if (!alter || relationOf(alter.relation) !== table) return undefined;
  for (const { subtype, name, def } of alterTableCommands(node)) {
    if (subtype === 'AT_ColumnDefault' && name === column) return def !== undefined;
    const added = subtype === 'AT_AddColumn' && def ? columnDefault([def], column) : undefined;
    if (added !== undefined) return added;
  }
  return undefined;
}

function columnDefault(elements: readonly SqlNode[] | undefined, column: string): boolean | undefined {
  const definition = fieldsOfEach(elements, 'ColumnDef').find(({ colname }) => colname === column);
  if (!definition) return undefined;
  return constraintsOf(definition).some(({ contype }) => contype === 'CONSTR_DEFAULT') || isSerial(definition);
}
