import { isTemporary } from './stated-columns';
import type { CreateExtensionStmt, DropStmt, RangeVar, ViewStmt } from '@pgsql/types';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { TextEdit } from '../../../../core/finding';
import {
  type AlterTableCommand,
  alterTableCommands,
  type FieldsByType,
  fieldsOf,
  nameParts,
  nodeEntry,
  type NodeType,
} from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import { insertAfter } from './fixes';

/** What a statement lacks in order to be run a second time. */
export interface RerunProblem {
  /** Why it fails then, as the end of a sentence. */
  readonly why: string;
  /** What makes it work a second time, where the grammar has words for that. */
  readonly edits: readonly Omit<TextEdit, 'file'>[] | undefined;
  /** A statement to run before it that does the same, where there are no such words. */
  readonly before?: string;
}

/**
 * Why the statement fails when it is run again after it worked; undefined when it does not. `earlier` are the statements
 * before it in the script: one of them may drop what it makes.
 */
export function rerunProblem(statement: ParsedStatement, earlier: readonly ParsedStatement[]): RerunProblem | undefined {
  const { node } = statement;
  if (!node) return undefined;
  const [type, inner] = nodeEntry(node);
  const { if_not_exists: ifNotExists, replace, missing_ok: ifExists } = inner as Guards;
  if (ifNotExists || replace || ifExists) return undefined;
  if (type === 'AlterTableStmt') return alterTableProblem(statement, earlier);
  if (type === 'AlterEnumStmt') return enumProblem(statement);
  if (type === 'RenameStmt') return { why: 'the old name no longer exists', edits: undefined };
  if (type === 'DropStmt') {
    const words =
      /^drop\s+(?:materialized\s+view|foreign\s+table|table|view|index|sequence|schema|type|domain|function|procedure|routine|trigger|policy|rule|extension)(?:\s+concurrently)?/i;
    return { why: 'the dropped object no longer exists', edits: inserted(statement, words, ' IF EXISTS') };
  }
  const made = type === '' ? undefined : (makings[type] as Making<object> | undefined);
  if (!made) return undefined;
  const subject = made.subject(inner);
  if (isTemporary(subject)) return undefined;
  const name = subject?.relname;
  if (name !== undefined && earlier.some((each) => drops(each, name))) return undefined;
  const why = name === undefined ? 'it would create a second one' : `${name} already exists`;
  if (type === 'IndexStmt' && inner.concurrent === true) {
    const schema = inner.relation?.schemaname;
    const prefix = schema === undefined ? '' : `${identifier(schema)}.`;
    const before = name === undefined ? undefined : `DROP INDEX CONCURRENTLY IF EXISTS ${prefix}${identifier(name)}`;
    return { why, edits: undefined, before };
  }
  return { why, edits: made.words && name !== undefined ? inserted(statement, made.words, made.guard ?? ' IF NOT EXISTS') : undefined };
}

/** What statements that may be run again say of themselves. */
type Guards = Pick<CreateExtensionStmt, 'if_not_exists'> & Pick<ViewStmt, 'replace'> & Pick<DropStmt, 'missing_ok'>;

interface Making<Fields> {
  /** The name of what is made. */
  subject(inner: Fields): RangeVar | undefined;
  /** The words after which the guard stands; absent where the grammar knows none. */
  readonly words?: RegExp;
  readonly guard?: string;
}

const makings: { readonly [Type in NodeType]?: Making<FieldsByType[Type]> } = {
  CreateStmt: { subject: ({ relation }) => relation, words: /^create\s+(?:unlogged\s+)?table/i },
  CreateTableAsStmt: {
    subject: ({ into }) => into?.rel,
    words: /^create\s+(?:unlogged\s+)?(?:table|materialized\s+view)/i,
  },
  IndexStmt: { subject: ({ idxname: relname }) => ({ relname }), words: /^create\s+(?:unique\s+)?index/i },
  CreateSeqStmt: { subject: ({ sequence }) => sequence, words: /^create\s+(?:unlogged\s+)?sequence/i },
  CreateSchemaStmt: { subject: ({ schemaname: relname }) => ({ relname }), words: /^create\s+schema/i },
  CreateExtensionStmt: { subject: ({ extname: relname }) => ({ relname }), words: /^create\s+extension/i },
  CreateEnumStmt: { subject: ({ typeName }) => subjectNamed(typeName) },
  CreateRangeStmt: { subject: ({ typeName }) => subjectNamed(typeName) },
  CompositeTypeStmt: { subject: ({ typevar }) => typevar },
  CreateDomainStmt: { subject: ({ domainname }) => subjectNamed(domainname) },
  CreatePolicyStmt: { subject: ({ policy_name: relname }) => ({ relname }) },
  CreateTrigStmt: { subject: ({ trigname: relname }) => ({ relname }), words: /^create/i, guard: ' OR REPLACE' },
  ViewStmt: { subject: ({ view }) => view, words: /^create/i, guard: ' OR REPLACE' },
  CreateFunctionStmt: { subject: ({ funcname }) => subjectNamed(funcname), words: /^create/i, guard: ' OR REPLACE' },
};

function subjectNamed(names: readonly SqlNode[] | undefined): RangeVar {
  const parts = nameParts(names);
  return { schemaname: parts.at(-2), relname: parts.at(-1) };
}

function enumProblem(statement: ParsedStatement): RerunProblem | undefined {
  const alter = fieldsOf(statement.node, 'AlterEnumStmt');
  if (alter?.skipIfNewValExists === true) return undefined;
  if (alter?.oldVal !== undefined) return { why: 'the value already has its new name', edits: undefined };
  return { why: 'the value already exists', edits: inserted(statement, /\badd\s+value/i, ' IF NOT EXISTS') };
}

/** ADD and DROP COLUMN, ADD and DROP CONSTRAINT; only a statement of one command is fixed. */
function alterTableProblem(statement: ParsedStatement, earlier: readonly ParsedStatement[]): RerunProblem | undefined {
  const commands = alterTableCommands(statement.node);
  const problems = commands.flatMap((command) => commandProblem(command, statement, earlier) ?? []);
  const [first] = problems;
  return first && commands.length > 1 ? { why: first.why, edits: undefined } : first;
}

function commandProblem(
  { subtype, name, def, fields: inner }: AlterTableCommand,
  statement: ParsedStatement,
  earlier: readonly ParsedStatement[],
): RerunProblem | undefined {
  if (inner.missing_ok === true) return undefined;
  switch (subtype) {
    case 'AT_AddColumn': {
      const column = fieldsOf(def, 'ColumnDef')?.colname ?? 'the column';
      return { why: `${column} already exists`, edits: inserted(statement, /\badd\s+(?:column\b)?/i, ' IF NOT EXISTS ', /\s$/) };
    }
    case 'AT_DropColumn':
      return { why: `${name} no longer exists`, edits: inserted(statement, /\bdrop\s+(?:column\b)?/i, ' IF EXISTS ', /\s$/) };
    case 'AT_DropConstraint':
      return { why: `${name} no longer exists`, edits: inserted(statement, /\bdrop\s+constraint\b/i, ' IF EXISTS') };
    case 'AT_AddConstraint': {
      const constraint = fieldsOf(def, 'Constraint')?.conname;
      if (constraint !== undefined && earlier.some((each) => drops(each, constraint))) return undefined;
      return { why: constraint === undefined ? 'it would create a second one' : `${constraint} already exists`, edits: undefined };
    }
    default:
      return undefined;
  }
}

/** True for DROP ... of the name, and for ALTER TABLE ... DROP CONSTRAINT or COLUMN. */
function drops({ node }: ParsedStatement, name: string): boolean {
  if (!node) return false;
  const drop = fieldsOf(node, 'DropStmt');
  if (drop) return drop.objects?.some((object) => nameParts(object).at(-1) === name) ?? false;
  return alterTableCommands(node).some((command) => /^AT_Drop(?:Constraint|Column)$/.test(command.subtype) && command.name === name);
}

/** The guard after the words; a blank that `spare` finds there already is not written twice. */
function inserted(statement: ParsedStatement, words: RegExp, guard: string, spare?: RegExp): RerunProblem['edits'] {
  const [found] = words.exec(statement.text) ?? [];
  const edit = insertAfter(statement, words, found && spare?.test(found) ? guard.trimStart() : spare ? guard.trimEnd() : guard);
  return edit && [edit];
}
