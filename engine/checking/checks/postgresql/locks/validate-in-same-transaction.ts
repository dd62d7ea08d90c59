import { alterTableCommands, fieldsOf, relationName } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { headOfCommand } from '../support/command-text';
import { displayName, failsInShadow, headOf, lockEvidence, qualifiedName, tablesBornInUnit } from '../support/evidence';
import { type CauseInStatement, causesIn, workCausedBy } from '../support/lock-causes';
import { workFinding } from '../support/table-work';
import { transactionOf } from '../support/transactions';

export const check: Check = {
  id: 'validate-in-same-transaction',
  hazards: ['P11'],
  severity: 'warning',
  summary: 'Validates a constraint under the lock that the same transaction took to add it.',
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
      ...text,
      range,
      // Nothing tells whether a transaction is around a loose file.
      ...(context.project.directory?.layout === 'loose' && transactionOf(context).openedBy === 'runner' && { severity: 'info' }),
      ...(taken && { related: [{ file: context.script.script.file, range: headOf(taken), message: kept }] }),
    });
  },
};

const text = {
  details:
    'VALIDATE CONSTRAINT alone blocks neither reads nor writes, but the stronger lock of the earlier change lasts until the transaction ends.',
  advice: 'Move VALIDATE CONSTRAINT to a later migration.',
};
const kept = 'Takes the lock and keeps it until the transaction ends.';

/** The statement of the same transaction, perhaps this one, that adds the constraint that is validated. */
function addedBefore(context: StatementContext, { command }: CauseInStatement): ParsedStatement | undefined {
  const statements = [...transactionOf(context).earlier, context.statement];
  const table = tableName(context.statement.node);
  return statements.find(({ node }) => node && tableName(node) === table && addsConstraint(node, command?.name));
}

function tableName(node: SqlNode | undefined): string | undefined {
  return fieldsOf(node, 'AlterTableStmt')?.relation?.relname;
}

function addsConstraint(node: SqlNode, name: string | undefined): boolean {
  return alterTableCommands(node).some(
    ({ subtype, def }) => subtype === 'AT_AddConstraint' && fieldsOf(def, 'Constraint')?.conname === name,
  );
}

function withoutEvidence(context: StatementContext, cause: CauseInStatement): Omit<FindingDraft, 'range'> | undefined {
  const adding = addedBefore(context, cause);
  const name = relationName(fieldsOf(context.statement.node, 'AlterTableStmt')?.relation);
  if (!adding || !name) return undefined;
  const table = qualifiedName(name);
  if (tablesBornInUnit(context.migration, context.project).has(table)) return undefined;
  const related = { file: context.script.script.file, range: headOf(adding), message: kept };
  return {
    message: `Blocks writes to ${displayName(table)} while VALIDATE CONSTRAINT scans the table`,
    ...text,
    verified: false,
    related: adding === context.statement ? [] : [related],
  };
}
