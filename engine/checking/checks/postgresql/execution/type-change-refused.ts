import type { RangeVar } from '@pgsql/types';
import type { Fix, RelatedPlace } from '../../../../core/finding';
import { fieldsOf, nameParts, nodeEntry, nodeType, type NodeType, walk } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { MigrationContext, StatementContext } from '../../../context/context';
import { headOf } from '../support/evidence';
import { failureFinding, failureFor, wordsOf } from '../support/failure-causes';
import { fix, insertStatementBefore } from '../support/fixes';
import { typeChangesIn } from '../support/type-changes';

export const check: Check = {
  id: 'type-change-refused',
  hazards: ['P17'],
  severity: 'error',
  summary: 'Changes the type of a column that a view, rule, trigger or policy uses, which PostgreSQL refuses.',
  looksAhead: true,
  *statement(context) {
    const error = failureFor(context, 'type-change-refused');
    if (!error) return;
    const dependent = dependentIn(`${error.message} ${error.detail ?? ''}`);
    const maker = dependent && makerOf(context, dependent);
    const range = typeChangesIn(context)[0]?.range ?? headOf(context.statement);
    yield failureFinding(context, error, {
      ...(dependent && { message: `Fails: ${title(dependent)} uses the column`, details: `${wordsOf(error)}.` }),
      advice: adviceOn(dependent),
      range,
      related: maker && dependent ? [relatedTo(maker, dependent)] : [],
      fixes: maker && dependent ? fixes(context, dependent, maker) : [],
    });
  },
};

interface Dependent {
  readonly kind: 'view' | 'materialized view' | 'rule' | 'trigger' | 'policy' | 'generated column';
  readonly name: string;
  /** The table of a rule, trigger or policy. */
  readonly table?: string;
}

/** What the server names: `rule _RETURN on view v depends on ...`, `policy p on table t ...`, `used by generated column "c"`. */
function dependentIn(words: string): Dependent | undefined {
  const view = /rule _RETURN on (view|materialized view) (\S+) depends/.exec(words);
  if (view?.[1] && view[2]) return { kind: view[1] as 'view', name: view[2] };
  const other = /(rule|trigger|policy) (\S+) on table (\S+) depends/.exec(words);
  if (other?.[1] && other[2] && other[3]) return { kind: other[1] as 'rule', name: other[2], table: other[3] };
  const column = /used by generated column "([^"]+)"/.exec(words)?.[1];
  return column === undefined ? undefined : { kind: 'generated column', name: column };
}

function title({ kind, name, table }: Dependent): string {
  return `${kind} ${name}${table === undefined ? '' : ` on ${table}`}`;
}

function adviceOn(dependent: Dependent | undefined): string {
  if (!dependent) return 'Drop the dependent objects first and create them again afterwards, in the same transaction.';
  if (dependent.kind === 'generated column') {
    return `Drop the generated column ${dependent.name} first and add it again afterwards, in the same transaction. Adding a stored one rewrites the table.`;
  }
  const grants = /view/.test(dependent.kind) ? ' Grant its privileges again.' : '';
  return `Drop it first (${dropOf(dependent)};) and create it again afterwards, in the same transaction.${grants} The server names only the first dependent object.`;
}

function dropOf({ kind, name, table }: Dependent): string {
  return `DROP ${kind.toUpperCase()} ${name}${table === undefined ? '' : ` ON ${table}`}`;
}

interface Maker {
  readonly migration: MigrationContext;
  readonly statement: ParsedStatement;
}

function relatedTo({ migration, statement }: Maker, dependent: Dependent): RelatedPlace {
  return { file: migration.up.script.file, range: headOf(statement), message: `Creates the ${title(dependent)}.` };
}

/** The last statement before this one that makes the dependent. */
function makerOf(context: StatementContext, dependent: Dependent): Maker | undefined {
  return statementsBefore(context)
    .filter(({ statement }) => statement.node && makes(statement.node, dependent))
    .at(-1);
}

function statementsBefore(context: StatementContext): Maker[] {
  const found: Maker[] = [];
  for (const migration of context.project.chain) {
    for (const statement of migration.up.statements) {
      if (statement === context.statement || statement === context.inside) return found;
      found.push({ migration, statement });
    }
    if (migration === context.migration) break;
  }
  return found;
}

function makes(node: SqlNode, { kind, name, table }: Dependent): boolean {
  const [type, inner] = nodeEntry(node);
  const plain = name.replace(/^.*\./, '').replaceAll('"', '');
  const isOn = (relation: RangeVar | undefined) => relation?.relname === table?.replace(/^.*\./, '').replaceAll('"', '');
  switch (kind) {
    case 'view':
      return type === 'ViewStmt' && inner.view?.relname === plain;
    case 'materialized view':
      return type === 'CreateTableAsStmt' && inner.into?.rel?.relname === plain;
    case 'rule':
      return type === 'RuleStmt' && inner.rulename === plain && isOn(inner.relation);
    case 'trigger':
      return type === 'CreateTrigStmt' && inner.trigname === plain && isOn(inner.relation);
    case 'policy':
      return type === 'CreatePolicyStmt' && inner.policy_name === plain && isOn(inner.table);
    case 'generated column':
      return definesColumn(node, plain);
  }
}

function definesColumn(node: SqlNode, column: string): boolean {
  let isDefined = false;
  walk(node, (type, inner) => {
    if (type === 'ColumnDef' && inner.colname === column && JSON.stringify(inner.constraints ?? []).includes('CONSTR_GENERATED')) {
      isDefined = true;
    }
  });
  return isDefined;
}

/** Drops and makes again, where the scripts show that nothing else depends on the table and nothing was granted. */
function fixes(context: StatementContext, dependent: Dependent, maker: Maker): Fix[] {
  const { statement, script } = context;
  if (!/^(?:view|trigger|policy)$/.test(dependent.kind) || context.inside || !isOnlyDependent(context, maker)) return [];
  const lineEnd = script.script.text.includes('\r\n') ? '\r\n' : '\n';
  const again = maker.statement.text.replace(/^create\s+or\s+replace\b/i, 'CREATE');
  return [
    fix(
      context,
      `Drop the ${title(dependent)} first and create it again afterwards`,
      [
        insertStatementBefore(script, statement, dropOf(dependent)),
        { range: { start: statement.end, end: statement.end }, newText: `;${lineEnd}${again}` },
      ],
      false,
    ),
  ];
}

const dependents: ReadonlySet<string> = new Set<NodeType>([
  'ViewStmt',
  'CreateTableAsStmt',
  'RuleStmt',
  'CreateTrigStmt',
  'CreatePolicyStmt',
  'GrantStmt',
]);

function isOnlyDependent(context: StatementContext, maker: Maker): boolean {
  const table = fieldsOf(context.statement.node, 'AlterTableStmt')?.relation?.relname;
  const own = fieldsOf(maker.statement.node, 'ViewStmt')?.view?.relname;
  return statementsBefore(context).every(({ statement }) => {
    const { node } = statement;
    if (!node || statement === maker.statement || !dependents.has(nodeType(node))) return true;
    return !names(node).some((name) => name === table || name === own);
  });
}

function names(node: SqlNode): string[] {
  const found: string[] = [];
  walk(node, (type, inner) => {
    if (type === 'RangeVar') found.push(inner.relname ?? '');
  });
  return [...found, ...nameParts(fieldsOf(node, 'GrantStmt')?.objects)];
}
