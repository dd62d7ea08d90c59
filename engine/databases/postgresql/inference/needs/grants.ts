import type { CreatePolicyStmt } from '@pgsql/types';
import { fieldsOfEach, nameParts, relationName } from '../../sql/nodes';
import type { LiveTable } from '../live-schema';
import { type Needs, type StatementHandlers, tableOf } from './needs';
import { needAttached, needObject } from './objects';

/** Statements about roles and about what they may do. */
export const grantHandlers: StatementHandlers = {
  GrantStmt({ objtype: kind, targtype, objects = [], privileges }, needs) {
    const { schema } = needs;
    if (targtype === 'ACL_TARGET_ALL_IN_SCHEMA') {
      for (const name of nameParts(objects)) schema.requireSchema(name);
      return;
    }
    if (targtype !== 'ACL_TARGET_OBJECT') return;
    const columns = fieldsOfEach(privileges, 'AccessPriv').flatMap(({ cols }) => nameParts(cols));
    for (const object of objects) {
      needObject(needs, kind, object);
      const live = kind === 'OBJECT_TABLE' ? tableOf(needs, object) : undefined;
      for (const name of columns) if (live) schema.column(live, name);
    }
  },

  GrantRoleStmt(inner, { schema }) {
    for (const { priv_name: name } of fieldsOfEach(inner.granted_roles, 'AccessPriv')) if (name !== undefined) schema.requireRole(name);
  },

  CreateRoleStmt: ({ role }, { schema }) => schema.made(`role ${role}`),

  CreatePolicyStmt: (inner, needs) => policy(needs, inner, (live, name) => live.made.add(`policy ${name}`)),
  AlterPolicyStmt: (inner, needs) => policy(needs, inner, (live, name) => needAttached(live, 'OBJECT_POLICY', name)),
};

function policy(
  needs: Needs,
  { table, policy_name: name, qual, with_check: check }: CreatePolicyStmt,
  tell: (live: LiveTable, name: string) => void,
): void {
  const live = tableOf(needs, table);
  if (!live || name === undefined) return;
  tell(live, name);
  const scope = needs.queries.scopeOf(live, relationName(table)?.name ?? '');
  needs.queries.condition(qual, scope);
  needs.queries.condition(check, scope);
}
