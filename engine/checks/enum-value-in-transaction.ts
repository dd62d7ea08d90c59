import type { DatabaseError } from '../shadow/observation';
import { asFields, asText, fieldsOf, nameFromList, walk } from '../sql/nodes';
import type { ParsedStatement } from '../sql/statement';
import type { Check, FindingDraft, ScriptContext, StatementContext } from './check';
import { headOf } from './support/evidence';
import { failureFinding, failureFor, wordsOf } from './support/failure-causes';
import { transactionOf } from './support/transactions';

export const check: Check = {
  id: 'enum-value-in-transaction',
  hazards: ['P43'],
  group: 'execution',
  severity: 'error',
  summary: 'A new enum value is used in the transaction that adds it, which PostgreSQL refuses.',
  *statement(context) {
    const error = failureFor(context, 'enum-value-in-transaction') ?? onRows(context);
    if (!error && context.observation) return;
    const adding = addingStatement(context, error?.message);
    const isNew = adding !== undefined && isBornHere(context, adding);
    // The shadow puts a savepoint around each statement, and PostgreSQL then does not notice that the type is new.
    if (isNew && context.project.minimum >= firstVersionWithNewTypes) return;
    const remedy = isNew
      ? `Name the value in CREATE TYPE; only PostgreSQL ${firstVersionWithNewTypes} and later allow this for a type of the same transaction.`
      : 'Add the value in an earlier migration, so that its transaction is committed before the value is used.';
    if (error) yield { ...failureFinding(context, error, `${wordsOf(error)}. ${remedy}`), ...relatedTo(context, adding) };
    else if (adding) {
      const message = `The upgrade stops here if ${newValue(adding)} is the enum value that this transaction adds: PostgreSQL refuses to use a value before the transaction that adds it is committed. ${remedy} This is judged by the syntax.`;
      yield { range: headOf(context.statement), verified: false, message, ...relatedTo(context, adding) };
    }
  },
};

/** INSERT ... SELECT reads a constant as a value of the enum only for a row. */
function onRows({ observation, inside }: StatementContext): DatabaseError | undefined {
  return inside === undefined && !observation?.error && observation?.rowsError?.sqlstate === '55P04' ? observation.rowsError : undefined;
}

const firstVersionWithNewTypes = 17;

/** The ALTER TYPE ... ADD VALUE of the same transaction whose value the error names, or the statement has as a constant. */
function addingStatement(context: StatementContext, said: string | undefined): ParsedStatement | undefined {
  if (context.inside || !addsValues(context.script)) return undefined;
  return transactionOf(context).earlier.findLast((earlier) => {
    const value = newValue(earlier);
    if (value === undefined) return false;
    return said === undefined ? hasConstant(context.statement, value) : said.includes(`"${value}"`);
  });
}

const addsValuesCache = new WeakMap<ScriptContext, boolean>();

function addsValues(script: ScriptContext): boolean {
  const known = addsValuesCache.get(script) ?? script.statements.some((statement) => newValue(statement) !== undefined);
  addsValuesCache.set(script, known);
  return known;
}

function newValue({ node }: ParsedStatement): string | undefined {
  const alter = fieldsOf(node, 'AlterEnumStmt');
  return alter?.['oldVal'] === undefined ? asText(alter?.['newVal']) : undefined;
}

function hasConstant({ node }: ParsedStatement, value: string): boolean {
  let found = false;
  if (node && !fieldsOf(node, 'AlterEnumStmt')) {
    walk(node, (type, inner) => {
      if (type === 'A_Const') found ||= asFields(inner['sval'])?.['sval'] === value;
    });
  }
  return found;
}

/** True when the transaction that adds the value also creates the type. */
function isBornHere(context: StatementContext, adding: ParsedStatement): boolean {
  const type = nameFromList(fieldsOf(adding.node, 'AlterEnumStmt')?.['typeName'])?.name;
  return transactionOf(context).earlier.some(({ node }) => nameFromList(fieldsOf(node, 'CreateEnumStmt')?.['typeName'])?.name === type);
}

function relatedTo({ script }: StatementContext, adding: ParsedStatement | undefined): Pick<FindingDraft, 'related'> {
  return adding ? { related: [{ file: script.script.file, range: headOf(adding), message: 'The value is added here.' }] } : {};
}
