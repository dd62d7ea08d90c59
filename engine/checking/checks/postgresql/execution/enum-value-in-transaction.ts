import { tablesIn } from '../../../../databases/postgresql/inference/infer';
import type { LayoutName } from '../../../../core/scripts';
import type { DatabaseError } from '../../../../databases/observation';
import { addedEnumValue, hasConstant } from '../../../../databases/postgresql/sql/enum-values';
import { fieldsOf, nameFromList } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { Check, FindingDraft } from '../../check';
import type { ScriptContext, StatementContext } from '../../../context/context';
import { headOf } from '../support/evidence';
import { failureFinding, failureFor } from '../support/failure-causes';
import { toolName } from '../../support/tool-names';
import { transactionOf } from '../support/transactions';

export const check: Check = {
  id: 'enum-value-in-transaction',
  hazards: ['P43'],
  severity: 'error',
  summary: 'Uses a new enum value in the transaction that adds it, which PostgreSQL refuses.',
  *statement(context) {
    const error = failureFor(context, 'enum-value-in-transaction') ?? onRows(context);
    const together = error ? undefined : togetherWith(context);
    if (together) yield together;
    if (!error && (context.observation || together)) return;
    const adding = addingStatement(context, error?.message);
    const isNew = adding !== undefined && isBornHere(context, adding);
    // The shadow puts a savepoint around each statement, and PostgreSQL then does not notice that the type is new.
    if (isNew && context.project.minimum >= firstVersionWithNewTypes) return;
    const text = {
      message: `Fails: ${shownValue(error, adding)} is added by the same transaction`,
      details: isNew
        ? `PostgreSQL ${firstVersionWithNewTypes} and later allow this, because the transaction also creates the type.`
        : 'PostgreSQL refuses to use an enum value before the transaction that adds it has committed.',
      advice: isNew ? 'List the value in CREATE TYPE.' : 'Add the value in an earlier migration.',
    };
    const related = relatedTo(context, adding);
    if (error && isGuessed(context)) {
      yield { range: headOf(context.statement), severity: 'warning', verified: false, reason: 'assumed', ...text, ...related };
    } else if (error) yield { ...failureFinding(context, error, text), ...related };
    else if (adding) yield { range: headOf(context.statement), verified: false, ...text, ...related };
  },
};

/** The value with the words of the server: `enum value "b"`. */
function shownValue(error: DatabaseError | undefined, adding: ParsedStatement | undefined): string {
  const value = /"([^"]+)"/.exec(error?.message ?? '')?.[1] ?? (adding && addedEnumValue(adding));
  return value === undefined ? 'the enum value' : `enum value '${value}'`;
}

/** True where only a table that was guessed says that the constant is a value of the enum. */
function isGuessed({ migration, project, statement }: StatementContext): boolean {
  if (project.completeHistory || !statement.node || /::|\bcast\s*\(/i.test(statement.text)) return false;
  const assumed = new Set(migration.assumed.map(({ object }) => object));
  return tablesIn(statement.node).some(({ schema = 'public', name }) => assumed.has(`table ${schema}.${name}`));
}

/** INSERT ... SELECT reads a constant as a value of the enum only for a row. */
function onRows({ observation, inside }: StatementContext): DatabaseError | undefined {
  return inside === undefined && !observation?.error && observation?.rowsError?.sqlstate === '55P04' ? observation.rowsError : undefined;
}

const firstVersionWithNewTypes = 17;

/** The failure where the tool runs pending migrations in one transaction, and an earlier one adds the value. */
function togetherWith(context: StatementContext): FindingDraft | undefined {
  const { migration, project, index, inside, statement } = context;
  if (inside || project.directory?.runner.pendingInOneTransaction !== true || project.directory.layout === 'loose') return undefined;
  const failure = migration.pendingFailures?.find((each) => each.statement === index);
  if (context.observation && !failure) return undefined;
  const earlier = project.chain.slice(0, project.chain.indexOf(migration));
  for (const other of earlier.reverse()) {
    if (failure && other.migration.id !== failure.with) continue;
    const adding = other.up.statements.findLast((each) => isAddedValue(each, statement, failure?.error.message));
    if (!adding || (makesTypeOf(other.up, adding) && project.minimum >= firstVersionWithNewTypes)) continue;
    const value = addedEnumValue(adding);
    const tool = toolName(project.directory.layout);
    return {
      range: headOf(statement),
      message: `Fails if ${other.migration.id} is pending too: it adds enum value '${value}'`,
      details: `${tool} runs both migrations in one transaction, and PostgreSQL refuses to use a value before that transaction has committed.`,
      advice: remedyOf(project.directory.layout),
      related: [{ file: other.up.script.file, range: headOf(adding), message: 'Adds the value.' }],
      verified: failure ? undefined : false,
    };
  }
  return undefined;
}

function isAddedValue(adding: ParsedStatement, statement: ParsedStatement, said: string | undefined): boolean {
  const value = addedEnumValue(adding);
  return value !== undefined && (said === undefined ? hasConstant(statement, value) : said.includes(`"${value}"`));
}

function makesTypeOf({ statements }: ScriptContext, adding: ParsedStatement): boolean {
  const type = nameFromList(fieldsOf(adding.node, 'AlterEnumStmt')?.typeName)?.name;
  return statements.some(({ node }) => nameFromList(fieldsOf(node, 'CreateEnumStmt')?.typeName)?.name === type);
}

function remedyOf(layout: LayoutName): string {
  if (layout === 'node-pg-migrate') return 'Run it with --no-single-transaction and set pendingInOneTransaction: false.';
  if (layout === 'flyway') return 'Set flyway.group=false.';
  return 'Run each migration in a transaction of its own.';
}

/** The ALTER TYPE ... ADD VALUE of the same transaction whose value the error names, or the statement has as a constant. */
function addingStatement(context: StatementContext, said: string | undefined): ParsedStatement | undefined {
  if (context.inside || !addsValues(context.script)) return undefined;
  return transactionOf(context).earlier.findLast((earlier) => {
    const value = addedEnumValue(earlier);
    if (value === undefined) return false;
    return said === undefined ? hasConstant(context.statement, value) : said.includes(`"${value}"`);
  });
}

const addsValuesCache = new WeakMap<ScriptContext, boolean>();

function addsValues(script: ScriptContext): boolean {
  const known = addsValuesCache.get(script) ?? script.statements.some((statement) => addedEnumValue(statement) !== undefined);
  addsValuesCache.set(script, known);
  return known;
}

/** True when the transaction that adds the value also creates the type. */
function isBornHere(context: StatementContext, adding: ParsedStatement): boolean {
  const type = nameFromList(fieldsOf(adding.node, 'AlterEnumStmt')?.typeName)?.name;
  return transactionOf(context).earlier.some(({ node }) => nameFromList(fieldsOf(node, 'CreateEnumStmt')?.typeName)?.name === type);
}

function relatedTo({ script }: StatementContext, adding: ParsedStatement | undefined): Pick<FindingDraft, 'related'> {
  return adding ? { related: [{ file: script.script.file, range: headOf(adding), message: 'Adds the value.' }] } : {};
}
