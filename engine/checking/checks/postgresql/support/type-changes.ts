import type { CollateClause } from '@pgsql/types';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { TextRange } from '../../../../core/text';
import type { RelationName } from '../../../../databases/observation';
import { type AlterTableCommand, alterTableCommands, fieldsOf, nameParts } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { StatementContext } from '../../../context/context';
import { type ColumnType, columnTypeBefore, type StatedType, statedType, tableNamed } from './column-types';
import { displayName, headOf } from './evidence';

/** One ALTER COLUMN ... TYPE. */
export interface TypeChange {
  readonly command: AlterTableCommand;
  readonly table: RelationName;
  readonly column: string;
  readonly type: StatedType;
  /** The expression after USING; undefined for the column itself, which says no more than leaving USING out. */
  readonly using: SqlNode | undefined;
  /** True when the expression is more than a cast of the column to the new type, so that only running it shows what it makes. */
  readonly isComputed: boolean;
  /** The name of the collation that it asks for. */
  readonly collation: CollateClause | undefined;
  /** The column's name in the statement, or the statement's first line where it changes this one type and nothing else. */
  readonly range: TextRange;
  /** The column's type before, where a script states it. */
  readonly before: ColumnType | undefined;
  /** True when the column is only assumed to exist, so that its type before is a guess. */
  readonly isAssumed: boolean;
}

/** Every change of a column's type in the statement, in order. */
export function typeChangesIn(context: StatementContext): readonly TypeChange[] {
  const before = known.get(context);
  if (before) return before;
  const changes = readTypeChanges(context);
  known.set(context, changes);
  return changes;
}

/** Several checks ask for the type changes of the same statement. */
const known = new WeakMap<StatementContext, readonly TypeChange[]>();

function readTypeChanges(context: StatementContext): TypeChange[] {
  const { statement } = context;
  const alter = fieldsOf(statement.node, 'AlterTableStmt');
  if (!statement.node || !alter || alter.objtype !== 'OBJECT_TABLE') return [];
  const table = tableNamed(context, alter.relation);
  const commands = alterTableCommands(statement.node);
  const assumed = new Set(context.migration.assumed.map(({ object }) => object));
  return commands.flatMap((command) => {
    const definition = fieldsOf(command.def, 'ColumnDef');
    const type = statedType(definition?.typeName);
    const column = command.name;
    if (command.subtype !== 'AT_AlterColumnType' || !definition || !type || column === undefined) return [];
    const before = columnTypeBefore(context, table, column);
    const stated = definition.raw_default;
    const using = isColumn(stated, column) ? undefined : stated;
    return {
      command,
      table,
      column,
      type,
      using,
      isComputed: using !== undefined && !isCastOf(using, column, type),
      collation: definition.collClause,
      range: commands.length === 1 ? headOf(statement) : wordAt(context, definition.location ?? 0),
      before,
      isAssumed: !before && (assumed.has(`table ${table}`) || assumed.has(`column ${table}.${column}`)),
    };
  });
}

function isColumn(node: SqlNode | undefined, column: string): boolean {
  return nameParts(fieldsOf(node, 'ColumnRef')?.fields).at(-1) === column;
}

function isCastOf(using: SqlNode, column: string, type: StatedType): boolean {
  const cast = fieldsOf(using, 'TypeCast');
  return isColumn(cast?.arg, column) && statedType(cast?.typeName)?.text === type.text;
}

/** True when the expression after USING is the column and casts of it, so that the types are the reason for what happens. */
export function isCastsOnly({ using, column }: TypeChange): boolean {
  let node = using;
  while (fieldsOf(node, 'TypeCast')) node = fieldsOf(node, 'TypeCast')?.arg;
  return isColumn(node, column);
}

function wordAt({ statement }: StatementContext, location: number): TextRange {
  const start = statement.offsetOf(location);
  const word = /^(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+)/u.exec(statement.text.slice(start - statement.start))?.[0] ?? '';
  return { start, end: start + word.length };
}

/** `memories.kind`, as people write it. */
export function columnTitle({ table, column }: Pick<TypeChange, 'table' | 'column'>): string {
  return `${displayName(table)}.${column}`;
}

/** A qualified name as it must be written in SQL, `public.` left away. */
export function sqlName(table: RelationName): string {
  return displayName(table).split('.').map(identifier).join('.');
}
