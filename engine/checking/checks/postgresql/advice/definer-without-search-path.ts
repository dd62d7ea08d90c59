import type { DefElem } from '@pgsql/types';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { TextRange } from '../../../../core/text';
import { bodyOf } from '../../../../databases/postgresql/sql/inner-statements';
import { fieldsOf, fieldsOfEach, nameFromList, nameParts, walk } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { wordsAmong } from '../support/stated-constraints';
import { definitionsOf } from '../support/definitions';
import { failsInShadow, headOf } from '../support/evidence';
import { fix } from '../support/fixes';
import { tokensOf } from '../support/statement-tokens';

export const check: Check = {
  id: 'definer-without-search-path',
  hazards: ['P90'],
  severity: 'info',
  summary: 'Creates a SECURITY DEFINER function that resolves names by the search_path of its caller.',
  looksAhead: true,
  *statement(context) {
    const { statement } = context;
    const made = statement.node && definerIn(statement.node);
    if (!made || failsInShadow(context) || isSetLater(context, made.name)) return;
    const words = wordsAmong(tokensOf(statement), ['security', 'definer']);
    const path = isFullyQualified(context) ? "''" : `pg_catalog, ${identifier(made.schema)}, pg_temp`;
    yield {
      range: words ?? headOf(statement),
      message: `Callers of ${made.name} can run code as its owner: the function sets no search_path`,
      details:
        "The function has its owner's privileges (SECURITY DEFINER) but resolves unqualified names by the caller's search_path, where the caller can create objects of the same names.",
      advice: `Set the search_path in the definition of the function: SET search_path = ${path}.`,
      fixes: words ? [fix(context, `Add SET search_path = ${path}`, [insertion(words, path)])] : [],
    };
  },
};

interface Definer {
  readonly name: string;
  readonly schema: string;
}

/** The function that the statement makes SECURITY DEFINER without setting its search_path; undefined for other statements. */
function definerIn(node: SqlNode): Definer | undefined {
  const create = fieldsOf(node, 'CreateFunctionStmt');
  const alter = fieldsOf(node, 'AlterFunctionStmt');
  const options = fieldsOfEach(create?.options ?? alter?.actions, 'DefElem');
  const isDefiner = options.some(({ defname, arg }) => defname === 'security' && fieldsOf(arg, 'Boolean')?.boolval);
  if (!isDefiner || options.some(setsSearchPath) || create?.sql_body !== undefined) return undefined;
  const name = nameFromList(create?.funcname ?? alter?.func?.objname);
  return name && { name: name.name, schema: name.schema ?? 'public' };
}

function setsSearchPath({ defname, arg }: DefElem): boolean {
  return defname === 'set' && fieldsOf(arg, 'VariableSetStmt')?.name?.toLowerCase() === 'search_path';
}

function isSetLater({ project, migration, statement }: StatementContext, name: string): boolean {
  const later = project.chain.slice(project.chain.indexOf(migration)).flatMap(({ up }) => up.statements);
  return later.slice(later.indexOf(statement) + 1).some(({ node }) => {
    const alter = fieldsOf(node, 'AlterFunctionStmt');
    return nameFromList(alter?.func?.objname)?.name === name && fieldsOfEach(alter?.actions, 'DefElem').some(setsSearchPath);
  });
}

function insertion({ end }: TextRange, path: string): { range: TextRange; newText: string } {
  return { range: { start: end, end }, newText: ` SET search_path = ${path}` };
}

/** True for a body in SQL that names no table, type or function of its own without schema, so that it needs no path. */
function isFullyQualified({ project, statement }: StatementContext): boolean {
  const body = bodyOf(statement);
  if (body?.language !== 'sql' || body.statements.length === 0 || body.statements.some(({ node }) => !node)) return false;
  const own = new Set(definitionsOf(project).map(({ name }) => name));
  return body.statements.every(({ node }) => {
    let isQualified = true;
    walk(node, (type, inner) => {
      if (type === 'RangeVar' && inner.schemaname === undefined) isQualified = false;
      const parts = type === 'FuncCall' ? nameParts(inner.funcname) : type === 'TypeName' ? nameParts(inner) : [];
      if (parts.length === 1 && own.has(parts[0] ?? '')) isQualified = false;
      return isQualified;
    });
    return isQualified;
  });
}
