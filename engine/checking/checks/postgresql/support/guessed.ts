import type { DatabaseError } from '../../../../databases/observation';
import { alterTableCommands, fieldsOf, fieldsOfEach, nodeEntry } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { StatementContext } from '../../../context/context';
import { duplicateColumnsIn } from './duplicate-names';
import { tokensOf } from './statement-tokens';

/**
 * SQLSTATEs that have to do with the statement alone, or with what the script itself does: syntax_error, active_sql_transaction,
 * unsafe_new_enum_value_usage, object_in_use.
 */
const ownFaults: ReadonlySet<string> = new Set(['42601', '25001', '55P04', '55006']);

/**
 * True for an error that may only come from what was guessed: the statement is about objects that nothing known makes, and with others
 * of the same names it might work. Such an error says nothing about a real database.
 */
export function restsOnGuess(context: StatementContext, error: DatabaseError): boolean {
  const { project, statement } = context;
  if (project.completeHistory) return isAboutOtherHistory(context, error);
  if (ownFaults.has(error.sqlstate) || isOfNewColumns(context, error)) return false;
  const guessed = guessedNames(context);
  if (!mentions(statement, guessed)) return false;
  return !isAboutOwnWork(context, error);
}

/** True when the error names something that another migrations directory creates: when that one runs is not known, nor in which database. */
function isAboutOtherHistory({ project, migration }: StatementContext, { message, detail = '' }: DatabaseError): boolean {
  const words = new Set(`${message}\n${detail}`.match(/[\p{L}\p{N}_$]+/gu));
  const earlier = project.chain.slice(0, project.chain.indexOf(migration) + 1);
  return earlier.some(({ assumed }) => assumed.some(({ object, from }) => from !== undefined && words.has(lastName(object))));
}

/** Names of what is assumed for the scripts so far, and of relations that have their columns from such. */
function guessedNames({ project, migration, statement }: StatementContext): Set<string> {
  const names = new Set<string>();
  for (const each of project.chain) {
    for (const { object } of each.assumed) if (!object.startsWith('column ')) names.add(lastName(object));
    for (const earlier of each.up.statements) {
      if (earlier === statement) return names;
      const derived = earlier.node && derivedRelation(earlier.node);
      if (derived !== undefined && mentions(earlier, names)) names.add(derived);
    }
    if (each === migration) break;
  }
  return names;
}

/** The relation that a statement makes with the columns of others. */
function derivedRelation(node: SqlNode): string | undefined {
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'CreateStmt': {
      const isLike = fieldsOfEach(inner.tableElts, 'TableLikeClause').length > 0;
      return isLike || inner.inhRelations ? inner.relation?.relname : undefined;
    }
    case 'CreateTableAsStmt':
      return inner.into?.rel?.relname;
    case 'ViewStmt':
      return inner.view?.relname;
    case 'RenameStmt':
      return inner.newname;
    default:
      return undefined;
  }
}

function mentions(statement: ParsedStatement, names: ReadonlySet<string>): boolean {
  return names.size > 0 && tokensOf(statement).some(({ text }) => names.has(text.startsWith('"') ? text.slice(1, -1) : text.toLowerCase()));
}

/** `a` of `table public.a` and of `function public.a(text)`. */
export function lastName(object: string): string {
  return object.replace(/\(.*$/s, '').split(/[ .]/).at(-1) ?? '';
}

/** True when the error names something that an earlier statement made, changed or dropped. */
function isAboutOwnWork({ project, migration, index }: StatementContext, { message, detail = '' }: DatabaseError): boolean {
  const words = new Set(`${message}\n${detail}`.match(/[\p{L}\p{N}_$]+/gu));
  for (const each of project.chain) {
    const statements = each.observation?.statements ?? [];
    for (const { changes } of each === migration ? statements.slice(0, index) : statements) {
      if (changes.some(({ kind, object }) => kind !== 'changed' && words.has(lastName(object)))) return true;
    }
    if (each === migration) break;
  }
  return false;
}

/** True when the error has to do with columns that the statement itself defines, and with nothing else. */
function isOfNewColumns({ migration, statement }: StatementContext, { sqlstate, message }: DatabaseError): boolean {
  const { node } = statement;
  if (!node) return false;
  if (sqlstate === '42701' && duplicateColumnsIn(node).length > 0) return true;
  const added = alterTableCommands(node).flatMap(({ subtype, def }) =>
    subtype === 'AT_AddColumn' ? (fieldsOf(def, 'ColumnDef')?.colname ?? []) : [],
  );
  const column = /^(?:column|cannot use generated column) "(.+?)" (?:is of type|in column generation)/.exec(message)?.[1];
  if (column === undefined || !added.includes(column) || !/^42(?:804|P17)$/.test(sqlstate)) return false;
  const functions = migration.assumed
    .filter(({ object }) => /^(?:function|type|domain) /.test(object))
    .map(({ object }) => lastName(object));
  return !mentions(statement, new Set(functions));
}
