import { alterTableCommands, fieldsOf, walk } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { ProjectContext, StatementContext } from '../../../context/context';
import { constraintsIn } from '../support/column-definitions';
import { alteredTableInUse, displayName, headOf, lockEvidence, relationOf } from '../support/evidence';

export const check: Check = {
  id: 'replica-identity',
  hazards: ['P74'],
  severity: 'warning',
  summary: 'Breaks logical replication of a table, or switches off its triggers and foreign keys.',
  looksInside: true,
  *statement(context) {
    const altered = alteredTableInUse(context);
    if (!altered) return;
    const { table, commands } = altered;
    const name = displayName(table);
    for (const { subtype, name: named, def } of commands) {
      const range = headOf(context.statement);
      const verified = lockEvidence(context) !== undefined;
      if (
        subtype === 'AT_DropConstraint' &&
        named !== undefined &&
        isPrimaryKey(context, table, named) &&
        !addsPrimaryKey(context, table)
      ) {
        const message = `UPDATE and DELETE on ${name} fail under logical replication without the primary key`;
        const advice = 'Add another primary key in the same transaction, or set REPLICA IDENTITY first.';
        yield { range, message, advice, verified, cause: subtype };
      }
      if (subtype === 'AT_ReplicaIdentity' && fieldsOf(def, 'ReplicaIdentityStmt')?.identity_type === 'n') {
        const message = `UPDATE and DELETE on ${name} fail under logical replication without an identity`;
        yield { range, message, advice: 'Use REPLICA IDENTITY DEFAULT or an index.', verified, cause: subtype };
      }
      if (subtype === 'AT_DisableTrigAll') {
        const message = `Foreign keys of ${name} are not checked while all triggers are disabled`;
        const details = 'Rows that violate them stay in the table.';
        const advice = 'Use DISABLE TRIGGER USER, and enable the triggers again in the same transaction.';
        yield { range, message, details, advice, verified, cause: subtype };
      }
    }
  },
};

/** True when the constraint was made as a primary key, or has the name that PostgreSQL gives one. */
function isPrimaryKey({ project }: StatementContext, table: string, constraint: string): boolean {
  if (constraint === `${table.slice(table.indexOf('.') + 1)}_pkey`) return true;
  return primaryKeysOf(project).has(constraint);
}

const known = new WeakMap<ProjectContext, ReadonlySet<string>>();

/** Names of every constraint that a script makes as a primary key and names. */
function primaryKeysOf(project: ProjectContext): ReadonlySet<string> {
  const before = known.get(project);
  if (before) return before;
  const names = new Set<string>();
  for (const { up } of project.chain) {
    for (const { node, text } of up.statements) {
      if (!node || !/\bprimary\b/i.test(text)) continue;
      walk(node, (type, fields) => {
        const name = type === 'Constraint' && fields.contype === 'CONSTR_PRIMARY' ? fields.conname : undefined;
        if (name !== undefined) names.add(name);
      });
    }
  }
  known.set(project, names);
  return names;
}

function addsPrimaryKey({ script }: StatementContext, table: string): boolean {
  return script.statements.some(({ node }) => {
    if (!node || relationOf(fieldsOf(node, 'AlterTableStmt')?.relation) !== table) return false;
    return alterTableCommands(node).some(({ def }) => constraintsIn(def).some(({ contype }) => contype === 'CONSTR_PRIMARY'));
  });
}
