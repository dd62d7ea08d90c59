import type { GrantStmt, ObjectType } from '@pgsql/types';
import type { TextRange } from '../../../../core/text';
import { fieldsOf, fieldsOfEach } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check, FindingDraft } from '../../check';
import { failsInShadow } from '../support/evidence';
import { fix, rangeOf } from '../support/fixes';

export const check: Check = {
  id: 'broad-grant',
  hazards: ['P91'],
  severity: 'info',
  summary: 'Grants privileges to PUBLIC, or all privileges at once.',
  *statement(context) {
    const { statement } = context;
    const grant = statement.node && grantIn(statement.node);
    if (!grant || failsInShadow(context)) return;
    const { objtype: kind, privileges } = grant;
    const toPublic = placeOfPublic(statement, grant);
    if (toPublic && !isPublicByDefault(grant)) {
      yield {
        range: toPublic,
        message: 'Grants privileges to PUBLIC, which includes all present and future roles',
        details: 'A REVOKE from a single role does not remove a privilege that PUBLIC has.',
        advice: 'Grant the privileges to a group role, and make the roles that need them its members.',
      };
      return;
    }
    const all = privileges ? undefined : rangeOf(statement, /\ball(?:\s+privileges)?\b/i);
    const text = kind && textsForAll[kind];
    if (!all || !text) return;
    const onTables = kind === 'OBJECT_TABLE';
    yield {
      range: all,
      ...text,
      fixes: onTables
        ? [fix(context, 'Grant SELECT, INSERT, UPDATE, DELETE only', [{ range: all, newText: 'SELECT, INSERT, UPDATE, DELETE' }], false)]
        : [],
    };
  },
};

/** What ALL gives besides the usual, by the kind of object. */
const textsForAll: { readonly [Type in ObjectType]?: Pick<FindingDraft, 'message' | 'details' | 'advice'> } = {
  OBJECT_TABLE: {
    message: 'Grants ALL on tables, which includes TRUNCATE, TRIGGER and REFERENCES',
    details:
      'The functions of triggers run with the privileges of the role that writes to the table. From PostgreSQL 17 on, ALL includes MAINTAIN.',
    advice: 'Grant only the privileges that the role needs, such as SELECT, INSERT, UPDATE and DELETE.',
  },
  OBJECT_SCHEMA: {
    message: 'Grants ALL on a schema, which includes CREATE',
    details: 'Objects that the role creates there may be found by other roles in place of the intended ones.',
    advice: 'Grant only the privileges that the role needs, such as USAGE.',
  },
  OBJECT_DATABASE: {
    message: 'Grants ALL on a database, which includes CREATE',
    details: 'The role can create schemas and publications, and install trusted extensions.',
    advice: 'Grant only the privileges that the role needs, such as CONNECT.',
  },
};

function grantIn(node: SqlNode): GrantStmt | undefined {
  const grant = fieldsOf(node, 'GrantStmt') ?? fieldsOf(node, 'AlterDefaultPrivilegesStmt')?.action;
  return grant?.is_grant ? grant : undefined;
}

/** The word PUBLIC among the grantees. */
function placeOfPublic(statement: ParsedStatement, { grantees }: GrantStmt): TextRange | undefined {
  const location = fieldsOfEach(grantees, 'RoleSpec').find(({ roletype }) => roletype === 'ROLESPEC_PUBLIC')?.location;
  if (location === undefined) return undefined;
  const start = statement.offsetOf(location);
  return { start, end: start + 'public'.length };
}

/** What PostgreSQL grants to PUBLIC by default: EXECUTE of functions, USAGE of types and languages, CONNECT and TEMPORARY. */
function isPublicByDefault({ objtype: kind = 'OBJECT_ACCESS_METHOD', privileges }: GrantStmt): boolean {
  if (/^OBJECT_(?:FUNCTION|PROCEDURE|ROUTINE|TYPE|DOMAIN|LANGUAGE)$/.test(kind)) return true;
  const names = fieldsOfEach(privileges, 'AccessPriv').map(({ priv_name: name = '' }) => name);
  return kind === 'OBJECT_DATABASE' && names.length > 0 && names.every((name) => /^(?:connect|temp|temporary)$/.test(name));
}
