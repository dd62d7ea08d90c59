import type { TextRange } from '../../../../core/text';
import { asFields, asNodes, asText, fieldsOf, fieldsOfEach, type Fields } from '../../../../databases/postgresql/sql/untyped-nodes';
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
    const kind = asText(grant['objtype']) ?? '';
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
    const all = asNodes(grant['privileges']).length === 0 ? rangeOf(statement, /\ball(?:\s+privileges)?\b/i) : undefined;
    const text = textsForAll[kind];
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
const textsForAll: Readonly<Record<string, Pick<FindingDraft, 'message' | 'details' | 'advice'>>> = {
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

function grantIn(node: SqlNode): Fields | undefined {
  const action = asFields(fieldsOf(node, 'AlterDefaultPrivilegesStmt')?.['action']);
  const grant = fieldsOf(node, 'GrantStmt') ?? action;
  return grant?.['is_grant'] === true ? grant : undefined;
}

/** The word PUBLIC among the grantees. */
function placeOfPublic(statement: ParsedStatement, grant: Fields): TextRange | undefined {
  const roles = fieldsOfEach(grant['grantees'], 'RoleSpec');
  const location = roles.find(({ roletype }) => roletype === 'ROLESPEC_PUBLIC')?.['location'];
  if (typeof location !== 'number') return undefined;
  const start = statement.offsetOf(location);
  return { start, end: start + 'public'.length };
}

/** What PostgreSQL grants to PUBLIC by default: EXECUTE of functions, USAGE of types and languages, CONNECT and TEMPORARY. */
function isPublicByDefault(grant: Fields): boolean {
  const kind = asText(grant['objtype']) ?? '';
  if (/^OBJECT_(?:FUNCTION|PROCEDURE|ROUTINE|TYPE|DOMAIN|LANGUAGE)$/.test(kind)) return true;
  const names = fieldsOfEach(grant['privileges'], 'AccessPriv').map((right) => asText(right['priv_name']));
  return kind === 'OBJECT_DATABASE' && names.length > 0 && names.every((name) => /^(?:connect|temp|temporary)$/.test(name ?? ''));
}
