import type { ObjectType } from '@pgsql/types';
import { bodyOf } from '../../../../databases/postgresql/sql/inner-statements';
import { alterTableCommands, createdRelation, fieldsOf, nameParts, nodeType, walk } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { RoutineFault } from '../../../../databases/postgresql/routines/routine-faults';
import type { Check, FindingDraft } from '../../check';
import type { MigrationContext, ProjectContext, StatementContext } from '../../../context/context';
import { displayName, headOf, relationOf } from '../support/evidence';
import { consequenceOf, routineFaultsIn } from '../support/routines';

export const check: Check = {
  id: 'routine-uses-removed',
  hazards: ['P64'],
  severity: 'error',
  summary: 'Drops, renames or changes what a function, procedure or trigger still uses.',
  *statement(context) {
    if (!context.statement.node || context.observation?.error) return;
    yield* context.migration.observation ? seenFaults(context) : readFaults(context);
  },
};

/** What the embedded database refuses since the statement. */
function* seenFaults({ project, migration, statement }: StatementContext): Iterable<FindingDraft> {
  for (const fault of routineFaultsIn(project, migration)) {
    if (fault.kind !== 'broken' || fault.statement !== statement || !isSeenWhole(fault, project, migration)) continue;
    const { routine, failure, from } = fault;
    const file = from?.up.script.file ?? project.baseline?.script.file;
    const place = routine.body?.pieces[failure.piece]?.place ?? headOf(routine.statement);
    yield {
      range: headOf(statement),
      ...consequenceOf(fault, displayName),
      advice: `Replace ${routine.name} in this migration.`,
      related: file === undefined ? [] : [{ file, range: place, message: `${routine.name} uses it.` }],
    };
  }
}

/**
 * False where the embedded database may lack what other scripts bring: then only what the statement itself takes is certain. And
 * where it refused a statement of the migration that may have replaced the routine.
 */
function isSeenWhole(
  { isNamed, statement }: RoutineFault,
  { completeHistory }: ProjectContext,
  { up, observation }: MigrationContext,
): boolean {
  const sent = up.statements.filter(({ kind }) => kind === 'sql');
  const refused = sent.some(
    ({ node }, index) =>
      observation?.statements[index]?.error && (!node || /^(?:CreateFunction|CreateTrig|Drop|Do)Stmt$/.test(nodeType(node))),
  );
  if (refused) return false;
  return completeHistory || (isNamed && statement.node !== undefined && nodeType(statement.node) !== 'DoStmt');
}

/** What bodies still name, judged by their text alone. */
function* readFaults(context: StatementContext): Iterable<FindingDraft> {
  const { statement } = context;
  const removed = statement.node ? removedBy(statement.node).filter((each) => !isMadeAgain(context, each)) : [];
  if (removed.length === 0) return;
  for (const routine of routinesBefore(context)) {
    const [first] = removed.filter((each) => usesName(routine.statement, each));
    if (!first || isReplacedLater(context, routine.name)) continue;
    const what = first.column === undefined ? `table ${displayName(first.table)}` : `column ${displayName(first.table)}.${first.column}`;
    yield {
      range: headOf(statement),
      message: `${routine.name} fails when called: its body still uses ${what}`,
      advice: `Replace ${routine.name} in this migration.`,
      verified: false,
      related: [{ file: routine.file, range: headOf(routine.statement), message: `Defines ${routine.name}.` }],
    };
  }
}

interface RemovedName {
  readonly table: string;
  readonly column: string | undefined;
}

/** Tables and columns whose name is no longer good after the statement. */
function removedBy(node: SqlNode): RemovedName[] {
  const rename = fieldsOf(node, 'RenameStmt');
  if (rename && (rename.renameType === 'OBJECT_TABLE' || rename.renameType === 'OBJECT_COLUMN')) {
    return [{ table: relationOf(rename.relation), column: rename.subname }];
  }
  const drop = fieldsOf(node, 'DropStmt');
  if (drop?.removeType === 'OBJECT_TABLE') {
    return (drop.objects ?? []).map((object) => {
      const parts = nameParts(object);
      return { table: `${parts.at(-2) ?? 'public'}.${parts.at(-1)}`, column: undefined };
    });
  }
  const table = relationOf(fieldsOf(node, 'AlterTableStmt')?.relation);
  return alterTableCommands(node).flatMap(({ subtype, name }) => (subtype === 'AT_DropColumn' ? { table, column: name } : []));
}

interface Routine {
  readonly name: string;
  readonly file: string;
  readonly statement: ParsedStatement;
}

/** The routines that exist when the statement runs: the last definition of each, unless it was dropped. */
function routinesBefore({ project, statement }: StatementContext): Iterable<Routine> {
  const routines = new Map<string, Routine>();
  for (const { up } of project.chain) {
    for (const each of up.statements) {
      if (each === statement) return routines.values();
      const name = routineName(each.node);
      if (name !== undefined) routines.set(name, { name, file: up.script.file, statement: each });
      for (const dropped of droppedRoutines(each.node)) routines.delete(dropped);
    }
  }
  return [];
}

function routineName(node: SqlNode | undefined): string | undefined {
  const create = fieldsOf(node, 'CreateFunctionStmt');
  return create && nameParts(create.funcname).join('.');
}

function droppedRoutines(node: SqlNode | undefined): string[] {
  const drop = fieldsOf(node, 'DropStmt');
  const kinds: readonly (ObjectType | undefined)[] = ['OBJECT_FUNCTION', 'OBJECT_PROCEDURE', 'OBJECT_ROUTINE'];
  return kinds.includes(drop?.removeType) ? (drop?.objects ?? []).map((object) => nameParts(object).join('.')) : [];
}

/** True when the routine is defined anew or dropped after the statement, in the same release or later. */
function isReplacedLater({ project, statement }: StatementContext, name: string): boolean {
  let after = false;
  for (const { up } of project.chain) {
    for (const each of up.statements) {
      if (each === statement) after = true;
      else if (after && (routineName(each.node) === name || droppedRoutines(each.node).includes(name))) return true;
    }
    if (after) return false;
  }
  return false;
}

/** True when the script creates a table of the name again. */
function isMadeAgain({ script, statement }: StatementContext, { table, column }: RemovedName): boolean {
  if (column !== undefined) return false;
  return script.statements.some(({ node, start }) => {
    const made = createdRelation(node) ?? fieldsOf(node, 'ViewStmt')?.view;
    return start > statement.start && made !== undefined && relationOf(made) === table;
  });
}

function usesName(routine: ParsedStatement, { table, column }: RemovedName): boolean {
  return (bodyOf(routine)?.statements ?? []).some(({ node }) => mentions(node, table, column));
}

/** True when the statement works on the table and, where a column is asked for, names it unqualified or as the table's. */
function mentions(node: SqlNode | undefined, table: string, column: string | undefined): boolean {
  let usesTable = false;
  let usesColumn = column === undefined;
  const names = new Set<string>();
  walk(node, (type, inner) => {
    if (type === 'RangeVar' && relationOf(inner) === table) {
      usesTable = true;
      names.add(inner.relname ?? '');
      if (inner.alias?.aliasname !== undefined) names.add(inner.alias.aliasname);
    }
    if (type === 'ResTarget' && inner.name === column && nodeType(node) !== 'SelectStmt') usesColumn = true;
  });
  walk(node, (type, inner) => {
    if (type !== 'ColumnRef') return;
    const parts = nameParts(inner.fields);
    if (parts.at(-1) === column && (parts.length === 1 || names.has(parts.at(-2) ?? ''))) usesColumn = true;
  });
  return usesTable && usesColumn;
}
