import { alterTableCommands, asText, fieldsOf, nodeType, relationName } from '../sql/nodes';
import type { ParsedStatement, SqlNode } from '../sql/statement';
import type { Check, FindingDraft, StatementContext } from './check';
import { headOfCommand } from './support/command-text';
import { displayName, failsInShadow, headOf, lockEvidence, qualifiedName, tablesBornInUnit } from './support/evidence';
import { type CauseInStatement, causesIn, workCausedBy } from './support/lock-causes';
import { workFinding } from './support/table-work';
import { transactionOf } from './support/transactions';

export const check: Check = {
  id: 'validate-in-same-transaction',
  hazards: ['P11'],
  group: 'locks',
  severity: 'warning',
  summary: 'A constraint is validated while its transaction still holds the lock that adding it took.',
  looksInside: true,
  *statement(context) {
    const { node } = context.statement;
    const cause = node && causesIn(node).find((each) => each.cause === 'validate-constraint');
    if (!cause) return;
    const range = headOfCommand(context.statement, cause.command);
    if (!lockEvidence(context)) {
      const draft = failsInShadow(context) ? undefined : withoutEvidence(context, cause);
      if (draft) yield { ...draft, range };
      return;
    }
    const caused = workCausedBy(context, 'validate-constraint');
    if (!caused) return;
    const adding = addedBefore(context, cause);
    const taken = adding && adding !== context.statement ? adding : caused.works.find(({ since }) => since !== context.statement)?.since;
    yield workFinding(context, caused.works, {
      advice,
      range,
      // Nothing tells whether a transaction is around a loose file.
      ...(context.project.directory?.layout === 'loose' && transactionOf(context).openedBy === 'runner' && { severity: 'info' }),
      ...(taken && { related: [{ file: context.script.script.file, range: headOf(taken), message: kept }] }),
    });
  },
};

const advice =
  'VALIDATE CONSTRAINT alone would let reads and writes go on, but the stronger lock of an earlier change is kept until the transaction ends, so that NOT VALID gains nothing. Move VALIDATE CONSTRAINT to a later migration.';
const kept = 'The lock is taken here and kept until the transaction ends.';

/** The statement of the same transaction, perhaps this one, that adds the constraint that is validated. */
function addedBefore(context: StatementContext, { command }: CauseInStatement): ParsedStatement | undefined {
  const statements = [...transactionOf(context).earlier, context.statement];
  const table = tableName(context.statement.node);
  return statements.find(({ node }) => node && tableName(node) === table && addsConstraint(node, command?.name));
}

function tableName(node: SqlNode | undefined): string | undefined {
  return node && nodeType(node) === 'AlterTableStmt' ? relationName(fieldsOf(node, 'AlterTableStmt')?.['relation'])?.name : undefined;
}

function addsConstraint(node: SqlNode, name: string | undefined): boolean {
  return alterTableCommands(node).some(
    ({ subtype, def }) => subtype === 'AT_AddConstraint' && asText(fieldsOf(def, 'Constraint')?.['conname']) === name,
  );
}

function withoutEvidence(context: StatementContext, cause: CauseInStatement): Omit<FindingDraft, 'range'> | undefined {
  const adding = addedBefore(context, cause);
  const name = relationName(fieldsOf(context.statement.node, 'AlterTableStmt')?.['relation']);
  if (!adding || !name) return undefined;
  const table = qualifiedName(name);
  if (tablesBornInUnit(context.migration, context.project).has(table)) return undefined;
  const related = { file: context.script.script.file, range: headOf(adding), message: kept };
  return {
    message: `Writes of ${displayName(table)} wait while the whole table is read. ${advice} This is judged without the table at hand.`,
    verified: false,
    related: adding === context.statement ? [] : [related],
  };
}
