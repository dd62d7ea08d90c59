import { asFields, asText, fieldsOf, nameFromList, walk } from '../sql/nodes';
import type { ParsedStatement } from '../sql/statement';
import type { Check, FindingDraft, StatementContext } from './check';
import { headOf } from './evidence';
import { failureFinding, failureFor, wordsOf } from './failure-causes';
import { transactionOf } from './transactions';

export const check: Check = {
  id: 'enum-value-in-transaction',
  hazards: ['P43'],
  group: 'execution',
  severity: 'error',
  summary: 'A new enum value is used in the transaction that adds it, which PostgreSQL refuses.',
  *statement(context) {
    const error = failureFor(context, 'enum-value-in-transaction');
    const adding = addingStatement(context, error?.message);
    const remedy = 'Add the value in an earlier migration, so that its transaction is committed before the value is used.';
    if (error) yield { ...failureFinding(context, error, `${wordsOf(error)}. ${remedy}`), ...relatedTo(context, adding) };
    else if (adding && !context.observation) {
      const message = `The upgrade stops here if ${newValue(adding)} is the enum value that this transaction adds: PostgreSQL refuses to use a value before the transaction that adds it is committed. ${remedy} This is judged by the syntax.`;
      yield { range: headOf(context.statement), verified: false, message, ...relatedTo(context, adding) };
    }
  },
};

/** The ALTER TYPE ... ADD VALUE of the same transaction whose value the error names, or the statement has as a constant. */
function addingStatement(context: StatementContext, said: string | undefined): ParsedStatement | undefined {
  if (context.inside) return undefined;
  return transactionOf(context).earlier.findLast((earlier) => {
    const value = newValue(earlier);
    if (value === undefined) return false;
    return said === undefined ? hasConstant(context.statement, value) && !isBornHere(context, earlier) : said.includes(`"${value}"`);
  });
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

/** All values of a type that the transaction itself created may be used. */
function isBornHere(context: StatementContext, adding: ParsedStatement): boolean {
  const type = nameFromList(fieldsOf(adding.node, 'AlterEnumStmt')?.['typeName'])?.name;
  return transactionOf(context).earlier.some(({ node }) => nameFromList(fieldsOf(node, 'CreateEnumStmt')?.['typeName'])?.name === type);
}

function relatedTo({ script }: StatementContext, adding: ParsedStatement | undefined): Pick<FindingDraft, 'related'> {
  return adding ? { related: [{ file: script.script.file, range: headOf(adding), message: 'The value is added here.' }] } : {};
}
