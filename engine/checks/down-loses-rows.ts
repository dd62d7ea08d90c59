import { alterTableCommands, fieldsOf, type AlterTableCommand } from '../sql/nodes';
import type { ParsedStatement, SqlNode } from '../sql/statement';
import type { Check, MigrationContext, ProjectContext, ScriptContext } from './check';
import { columnsBornInUnit, displayName, headOf, relationOf, tablesBornInUnit } from './support/evidence';
import { mentions, placeInDown } from './support/place-in-down';

export const check: Check = {
  id: 'down-loses-rows',
  hazards: ['P72', 'M19'],
  group: 'rollback',
  severity: 'warning',
  summary: 'The down script brings a column or table back without the data that it held.',
  *migration(context, project) {
    const { migration, up, down, roundTrip } = context;
    if (!down || roundTrip?.down !== 'ok' || roundTrip.rowsRestored !== false) return;
    const told = new Set<number>();
    for (const { table, column, at } of lossesOf(context, project)) {
      const back = sqlOf(down).find(({ node }) => bringsBack(node, table, column));
      const range = back ? headOf(back) : placeInDown(down, [`table ${column === undefined ? table : `${table}.${column}`}`]);
      if (told.has(range.start)) continue;
      told.add(range.start);
      const name = displayName(table);
      const isKept = up.statements.some(({ node, text }) => writesRows(node) && mentions(text, column ?? name.split('.').at(-1) ?? name));
      const filling = column === undefined ? `INSERT INTO ${name} SELECT ...;` : `UPDATE ${name} SET ${column} = ...;`;
      const advice = isKept
        ? `Fill it from where the up script moved the data: ${filling}`
        : `Drop it in a later release, when this one can no longer be rolled back.`;
      yield {
        file: down.script.file,
        range,
        severity: isKept ? 'warning' : 'info',
        message: `Rolling back ${migration.id} brings ${column === undefined ? `table ${name}` : `${name}.${column}`} back without its data. ${advice}`,
        related: [{ file: up.script.file, range: headOf(at), message: 'The data is lost here.' }],
      };
    }
  },
};

/** A table, or a column of one, that is there again after the down script while its data is not. */
interface Loss {
  readonly table: string;
  readonly column?: string;
  /** The statement of the up script that takes the data away. */
  readonly at: ParsedStatement;
}

function* lossesOf(context: MigrationContext, project: ProjectContext): Iterable<Loss> {
  for (const { object, kind, columns = [] } of context.roundTrip?.differences ?? []) {
    const table = /^rows (.+)$/.exec(object)?.[1];
    if (table === undefined || kind === 'left-over' || tablesBornInUnit(context, project).has(table)) continue;
    const born = columnsBornInUnit(context, project);
    for (const column of columns) {
      const at = droppedBy(context, `column ${table}.${column}`) ?? sqlOf(context.up).find(({ node }) => converts(node, table, column));
      if (at && !born.has(`${table}.${column}`)) yield { table, column, at };
    }
    const at = droppedBy(context, `table ${table}`);
    if (at) yield { table, at };
  }
}

function droppedBy({ up, observation }: MigrationContext, object: string): ParsedStatement | undefined {
  const index = observation?.statements.findIndex(({ changes }) =>
    changes.some((each) => each.kind === 'dropped' && each.object === object),
  );
  return index === undefined ? undefined : sqlOf(up)[index];
}

function converts(node: SqlNode | undefined, table: string, column: string): boolean {
  return commandsOn(node, table).some(({ subtype, name }) => subtype === 'AT_AlterColumnType' && name === column);
}

function bringsBack(node: SqlNode | undefined, table: string, column: string | undefined): boolean {
  const created = fieldsOf(node, 'CreateStmt')?.['relation'];
  if (created !== undefined && relationOf(created) === table) return true;
  return commandsOn(node, table).some(
    ({ subtype, name, def }) =>
      (subtype === 'AT_AddColumn' && fieldsOf(def, 'ColumnDef')?.['colname'] === column) ||
      (subtype === 'AT_AlterColumnType' && name === column),
  );
}

function commandsOn(node: SqlNode | undefined, table: string): readonly AlterTableCommand[] {
  return node && relationOf(fieldsOf(node, 'AlterTableStmt')?.['relation']) === table ? alterTableCommands(node) : [];
}

function sqlOf({ statements }: ScriptContext): readonly ParsedStatement[] {
  return statements.filter(({ kind }) => kind === 'sql');
}

/** The data may live on in what the statement writes. */
function writesRows(node: SqlNode | undefined): boolean {
  return ['InsertStmt', 'UpdateStmt', 'MergeStmt', 'CreateTableAsStmt', 'DoStmt'].some((type) => fieldsOf(node, type) !== undefined);
}
