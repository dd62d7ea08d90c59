import type { TextRange } from '../core/text';
import { asFields, asNodes, asText, fieldsOf, fieldsOfEach, type Fields } from '../sql/nodes';
import type { ParsedStatement, SqlNode } from '../sql/statement';
import type { Check } from './check';
import { failsInShadow } from './support/evidence';
import { fix, rangeOf } from './support/fixes';

export const check: Check = {
  id: 'broad-grant',
  hazards: ['P91'],
  group: 'advice',
  severity: 'info',
  summary: 'Rights are given to everyone, or all rights at once.',
  *statement(context) {
    const { statement } = context;
    const grant = statement.node && grantIn(statement.node);
    if (!grant || failsInShadow(context)) return;
    const kind = asText(grant['objtype']) ?? '';
    const toPublic = placeOfPublic(statement, grant);
    if (toPublic && !isPublicByDefault(grant)) {
      yield {
        range: toPublic,
        message:
          'Every role of the server gets these rights, also roles that are made later for other purposes, and no REVOKE from a single role takes them away. Grant them to a role that stands for those who need them, and make them its members.',
      };
      return;
    }
    const all = asNodes(grant['privileges']).length === 0 ? rangeOf(statement, /\ball(?:\s+privileges)?\b/i) : undefined;
    if (!all || !broadKinds.has(kind)) return;
    const onTables = kind === 'OBJECT_TABLE';
    yield {
      range: all,
      message: onTables
        ? 'The role may also empty the tables with TRUNCATE, put triggers on them that run with the rights of whoever writes, and hold foreign keys to them: ALL gives that along with reading and writing, and on newer servers what comes to it. Name the rights that are needed.'
        : 'The role may also create objects there, with which it can take the place of those that others look for: ALL gives that along with the use. Name the rights that are needed, such as USAGE or CONNECT.',
      fixes: onTables
        ? [fix(context, 'Grant reading and writing only', [{ range: all, newText: 'SELECT, INSERT, UPDATE, DELETE' }], false)]
        : [],
    };
  },
};

const broadKinds = new Set(['OBJECT_TABLE', 'OBJECT_SCHEMA', 'OBJECT_DATABASE']);

function grantIn(node: SqlNode): Fields | undefined {
  const action = asFields(fieldsOf(node, 'AlterDefaultPrivilegesStmt')?.['action']);
  const grant = fieldsOf(node, 'GrantStmt') ?? action;
  return grant?.['is_grant'] === true ? grant : undefined;
}

/** The word PUBLIC among those who are granted. */
function placeOfPublic(statement: ParsedStatement, grant: Fields): TextRange | undefined {
  const roles = fieldsOfEach(grant['grantees'], 'RoleSpec');
  const location = roles.find(({ roletype }) => roletype === 'ROLESPEC_PUBLIC')?.['location'];
  if (typeof location !== 'number') return undefined;
  const start = statement.offsetOf(location);
  return { start, end: start + 'public'.length };
}

/** What PostgreSQL gives PUBLIC anyway: EXECUTE of functions, USAGE of types and languages, CONNECT and TEMPORARY. */
function isPublicByDefault(grant: Fields): boolean {
  const kind = asText(grant['objtype']) ?? '';
  if (/^OBJECT_(?:FUNCTION|PROCEDURE|ROUTINE|TYPE|DOMAIN|LANGUAGE)$/.test(kind)) return true;
  const names = fieldsOfEach(grant['privileges'], 'AccessPriv').map((right) => asText(right['priv_name']));
  return kind === 'OBJECT_DATABASE' && names.length > 0 && names.every((name) => /^(?:connect|temp|temporary)$/.test(name ?? ''));
}
