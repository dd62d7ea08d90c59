import { asNodes, asText, fieldsOf, nameParts } from '../sql/nodes';
import type { Check, FindingDraft, StatementContext } from './check';
import { headOf, lockEvidence } from './support/evidence';

export const check: Check = {
  id: 'enum-change',
  hazards: ['P73'],
  group: 'data',
  severity: 'hint',
  summary: 'An enum type is made or changed in a way that is hard to take back.',
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
  if (!enumType || nameParts(enumType['typeName'])[0] === 'pg_temp') return undefined;
  return {
    cause: 'created',
    message: `Values of the enum type ${nameParts(enumType['typeName']).join('.')} can be added but never removed, and not reordered. Where the list will change, use a lookup table, or text with a CHECK.`,
  };
}

function valueAdded({ statement }: StatementContext): Told | undefined {
  const change = fieldsOf(statement.node, 'AlterEnumStmt');
  const value = asText(change?.['newVal']);
  if (!change || value === undefined || change['oldVal'] !== undefined || change['newValNeighbor'] !== undefined) return undefined;
  return {
    cause: 'added',
    message: `'${value}' sorts after every other value of ${nameParts(change['typeName']).join('.')}, and it can never be removed or moved again. State its place with BEFORE or AFTER where the order matters.`,
  };
}

function dropped(context: StatementContext): Told | undefined {
  const drop = fieldsOf(context.statement.node, 'DropStmt');
  if (drop?.['removeType'] !== 'OBJECT_TYPE') return undefined;
  const names = asNodes(drop['objects']).map((object) => nameParts(object).join('.'));
  const evidence = lockEvidence(context);
  if (evidence && !evidence.changes.some(({ kind, object }) => kind === 'dropped' && object.startsWith('type '))) return undefined;
  return {
    severity: 'info',
    cause: 'dropped',
    message: `Releases that still use the type ${names.join(', ')} fail, as casts and parameters of that type are refused. Drop it when no release names it any more.`,
  };
}
