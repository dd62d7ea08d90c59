import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import type { DatabaseError } from '../../../../databases/observation';
import { fieldsOf, nameFromList, nameParts, nodeType, relationName, walk } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { definedBefore, orderIn, orderOf, placeOfDefinition } from '../support/definitions';
import { definitionsIn } from '../../../../databases/postgresql/sql/definitions';
import { failureFinding, failureFor, placeOf } from '../support/failure-causes';
import { fix, insertStatementBefore } from '../support/fixes';
import { nameIn } from '../support/statement-tokens';
import { statementContexts } from '../../../context/statement-contexts';

export const check: Check = {
  id: 'replacement-refused',
  hazards: ['P50'],
  severity: 'error',
  summary: 'Uses CREATE OR REPLACE for a change that PostgreSQL does not make in place.',
  looksAhead: true,
  *statement(context) {
    const error = failureFor(context, 'replacement-refused');
    const { statement } = context;
    if (!error || !statement.node) return;
    const subject = replacedIn(statement.node);
    if (!subject) return;
    const drop = dropFor(subject, error);
    const rule =
      subject.what === 'view'
        ? 'CREATE OR REPLACE VIEW can only add columns at the end; it keeps the names, types and order of the others.'
        : 'CREATE OR REPLACE keeps the result type and the parameter names.';
    const earlier = definedBefore(context).findLast(({ kind, name }) => kind === subject.kind && name === subject.name);
    const isUsed = earlier !== undefined && isMentioned(context, subject);
    yield failureFinding(context, error, {
      details: rule,
      advice: drop
        ? `Drop it first: ${drop}; create dependent objects and grant privileges again${isUsed ? ' (other statements here use it)' : ''}.`
        : 'Give the new object another name.',
      range: nameIn(statement, subject.name) ?? placeOf(statement, error),
      related: earlier ? [placeOfDefinition(earlier, `Creates the ${subject.what} to replace.`)] : [],
      fixes: drop && earlier && !isUsed ? fixes(context, drop) : [],
    });
  },
};

interface Replaced {
  readonly what: 'view' | 'function' | 'procedure';
  readonly kind: 'relation' | 'function';
  readonly name: string;
  readonly schema: string | undefined;
}

function replacedIn(node: SqlNode): Replaced | undefined {
  const view = relationName(fieldsOf(node, 'ViewStmt')?.view);
  if (view) return { what: 'view', kind: 'relation', name: view.name, schema: view.schema };
  const create = fieldsOf(node, 'CreateFunctionStmt');
  const routine = nameFromList(create?.funcname);
  const what = create?.is_procedure ? 'procedure' : 'function';
  return routine && { what, kind: 'function', name: routine.name, schema: routine.schema };
}

function dropFor({ what, name, schema }: Replaced, { sqlstate, hint }: DatabaseError): string | undefined {
  if (sqlstate === '42809') return undefined;
  const qualified = schema === undefined ? identifier(name) : `${identifier(schema)}.${identifier(name)}`;
  if (what === 'view') return `DROP VIEW ${qualified}`;
  const signature = /^Use DROP (?:FUNCTION|PROCEDURE|ROUTINE) [^(]+(\(.*\)) first/.exec(hint ?? '')?.[1];
  return signature === undefined ? undefined : `DROP ${what.toUpperCase()} ${qualified}${signature}`;
}

/** True when any other statement so far mentions it: it may depend on it, or give privileges that a drop would take away. */
function isMentioned(context: StatementContext, subject: Replaced): boolean {
  const limit = orderIn(context);
  for (const [place, migration] of context.project.chain.entries()) {
    for (const { statement, index } of statementContexts(migration, context.project)) {
      if (orderOf(place, index) >= limit) return false;
      const { node } = statement;
      if (!node || definitionsIn(node).some(({ kind, name }) => kind === subject.kind && name === subject.name)) continue;
      if (mentions(node, subject)) return true;
    }
  }
  return false;
}

function mentions(node: SqlNode, { kind, name }: Replaced): boolean {
  if (nodeType(node) === 'CommentStmt') return false;
  const word = new RegExp(`(?<![\\w$])${name.replace(/[^\w]/g, '.')}(?![\\w$])`, 'i');
  let found = false;
  walk(node, (type, inner) => {
    if (kind === 'relation') found ||= type === 'RangeVar' && inner.relname === name;
    else
      found ||=
        ('funcname' in inner && nameFromList(inner.funcname)?.name === name) ||
        (type === 'ObjectWithArgs' && nameFromList(inner.objname)?.name === name);
    found ||= type === 'DefElem' && inner.defname === 'as' && nameParts(inner.arg).some((body) => word.test(body));
    return !found;
  });
  return found;
}

function fixes(context: StatementContext, drop: string): Fix[] {
  return [fix(context, 'Drop it first', [insertStatementBefore(context.script, context.statement, drop)])];
}
