import { fieldsOf, nameParts } from '../../../../databases/postgresql/sql/nodes';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { headOf, lockEvidence } from '../support/evidence';

export const check: Check = {
  id: 'enum-change',
  hazards: ['P73'],
  severity: 'hint',
  summary: 'Creates or changes an enum type in a way that is hard to undo.',
  looksInside: true,
  *statement(context) {
    if (context.observation?.error) return;
    const found = created(context) ?? valueAdded(context) ?? dropped(context);
    if (found) yield { range: headOf(context.statement), verified: lockEvidence(context) !== undefined, ...found };
  },
};

type Told = Pick<FindingDraft, 'message'> & Partial<FindingDraft>;

function created({ statement }: StatementContext): Told | undefined {
  const enumType = fieldsOf(statement.node, 'CreateEnumStmt');
  if (!enumType || nameParts(enumType.typeName)[0] === 'pg_temp') return undefined;
  return {
    cause: 'created',
    message: `Values of enum ${nameParts(enumType.typeName).join('.')} can be added, but never removed or reordered`,
    advice: 'If the list is going to change, use a lookup table, or text with a CHECK constraint.',
  };
}

function valueAdded({ statement }: StatementContext): Told | undefined {
  const change = fieldsOf(statement.node, 'AlterEnumStmt');
  const value = change?.newVal;
  if (!change || value === undefined || change.oldVal !== undefined || change.newValNeighbor !== undefined) return undefined;
  return {
    cause: 'added',
    message: `'${value}' sorts last in ${nameParts(change.typeName).join('.')} and can never be removed or moved`,
    advice: 'If the order matters, specify BEFORE or AFTER.',
  };
}

function dropped(context: StatementContext): Told | undefined {
  const drop = fieldsOf(context.statement.node, 'DropStmt');
  if (drop?.removeType !== 'OBJECT_TYPE') return undefined;
  const names = (drop.objects ?? []).map((object) => nameParts(object).join('.'));
  const evidence = lockEvidence(context);
  if (evidence && !evidence.changes.some(({ kind, object }) => kind === 'dropped' && object.startsWith('type '))) return undefined;
  return {
    severity: 'info',
    cause: 'dropped',
    message: `Drops type ${names.join(', ')}: releases that still use it fail`,
    advice: 'Drop it when no running release uses it any more.',
  };
}
