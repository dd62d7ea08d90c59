import type { Connection } from './connection';
import { readEmptyTables, type EmptyTable, type ForeignKey } from './seed-facts';
import { candidatesFor, valueFor, type Column } from './seed-values';

/** Row 3 has NULL wherever it may. */
const rowNumbers = [1, 2, 3] as const;
const mostAttempts = 60;

/** A table that no row could be made for. */
export interface Unseeded {
  readonly table: string;
  readonly reason: string;
}

/** Gives rows to all empty tables of a database. No trigger runs; foreign keys are respected. */
export async function seed(connection: Connection): Promise<Unseeded[]> {
  await connection.rows(`SET search_path = ''`);
  const tables = parentsFirst(await readEmptyTables(connection));
  await connection.rows('BEGIN; SET LOCAL session_replication_role = replica');
  const failures = await insertAll(connection, tables);
  const unseeded: Unseeded[] = [];
  for (const table of tables) {
    const failed = failures.get(table.name);
    if (failed?.size === rowNumbers.length) {
      const reason = await insertSomehow(connection, table);
      if (reason !== undefined) unseeded.push({ table: table.name, reason });
    }
    for (const key of table.foreignKeys.filter((each) => sharesColumns(each, table))) await connection.rows(deletionOfOrphans(table, key));
  }
  await connection.rows('COMMIT');
  return unseeded;
}

/** The usual rows of all tables at once. Returns the errors by table and row. */
async function insertAll(connection: Connection, tables: readonly EmptyTable[]): Promise<Map<string, Map<number, string>>> {
  const failures = new Map<string, Map<number, string>>();
  if (tables.length === 0) return failures;
  const inserts = tables.flatMap((table, index) =>
    rowNumbers.map(
      (row) => `BEGIN ${insertOf(table, row, (column, reference) => usualValue(column, row, reference))};
        EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'truth % % %', ${index}, ${row}, SQLERRM; END;`,
    ),
  );
  const listen = ({ message = '' }: { message?: string | undefined }) => {
    const [, index, row, error = ''] = /^truth (\d+) (\d+) ([^]*)$/.exec(message) ?? [];
    const name = tables[Number(index)]?.name;
    if (index === undefined || name === undefined) return;
    failures.set(name, (failures.get(name) ?? new Map<number, string>()).set(Number(row), error));
  };
  connection.client.on('notice', listen);
  await connection.rows(`SET LOCAL client_min_messages = notice; DO $truth$ BEGIN ${inserts.join('\n')} END $truth$`);
  connection.client.off('notice', listen);
  return failures;
}

function usualValue(column: Column, row: number, reference: string | undefined): string {
  return row === 3 && !column.notNull ? 'NULL' : (reference ?? literal(valueFor(column, row)));
}

/** Tries values that the table's conditions mention, in a fixed order of chance. Returns the last error when none is taken. */
async function insertSomehow(connection: Connection, table: EmptyTable): Promise<string | undefined> {
  const next = numbersByChance(7);
  const candidates = new Map(table.columns.map((column) => [column, candidatesFor(column, table.conditions)]));
  let made = 0;
  let last = '';
  for (let attempt = 0; attempt < mostAttempts && made < 2; attempt++) {
    const insert = insertOf(table, 1 + made, (column, reference) => {
      const usual = reference ?? literal(valueFor(column, 1 + made));
      if (attempt === 0) return column.hasDefault ? 'DEFAULT' : usual;
      const mentioned = reference === undefined ? (candidates.get(column) ?? []).map(literal) : [];
      const choices = [usual, ...(column.hasDefault ? ['DEFAULT'] : []), ...(column.notNull ? [] : ['NULL', 'NULL']), ...mentioned];
      return next() < 0.3 ? usual : (choices[Math.floor(next() * choices.length)] ?? usual);
    });
    await connection.rows('SAVEPOINT truth_row');
    const refused = await connection.refusal(insert);
    await connection.rows(refused ? 'ROLLBACK TO SAVEPOINT truth_row' : 'RELEASE SAVEPOINT truth_row');
    if (!refused) made++;
    else last = refused.message;
  }
  return made > 0 ? undefined : last;
}

/** @param valueOf given what refers to another table, where the column does */
function insertOf(table: EmptyTable, row: number, valueOf: (column: Column, reference: string | undefined) => string): string {
  const references = new Map<string, string>();
  for (const key of table.foreignKeys) {
    if (key.references === table.name) continue;
    for (const [index, column] of key.columns.entries()) {
      if (!references.has(column)) references.set(column, referenceOf(key, index, row));
    }
  }
  const values = new Map(table.columns.map((column) => [column.quoted, valueOf(column, references.get(column.quoted))]));
  const needed = new Set(table.columns.filter(({ notNull }) => notNull).map(({ quoted }) => quoted));
  for (const key of table.foreignKeys.filter((each) => each.references === table.name)) {
    for (const [index, column] of key.columns.entries()) {
      values.set(column, needed.has(column) ? (values.get(key.keys[index] ?? '') ?? 'NULL') : 'NULL');
    }
  }
  if (values.size === 0) return `INSERT INTO ${table.name} DEFAULT VALUES`;
  return `INSERT INTO ${table.name} (${[...values.keys()].join(', ')}) OVERRIDING SYSTEM VALUE VALUES (${[...values.values()].join(', ')})`;
}

/** The key of the n-th row of the referenced table, or of the last that there is. */
function referenceOf({ references, keys }: ForeignKey, index: number, row: number): string {
  const usable = keys.map((key) => `p.${key} IS NOT NULL`).join(' AND ');
  return `(SELECT p.${keys[index]} FROM ${references} p WHERE ${usable} ORDER BY p.tableoid, p.ctid LIMIT 1
    OFFSET greatest(0, least(${row - 1}, (SELECT count(*) - 1 FROM ${references} p WHERE ${usable}))))`;
}

function sharesColumns(key: ForeignKey, table: EmptyTable): boolean {
  return table.foreignKeys.some((other) => other !== key && other.columns.some((column) => key.columns.includes(column)));
}

function deletionOfOrphans(table: EmptyTable, { columns, references, keys }: ForeignKey): string {
  return `DELETE FROM ONLY ${table.name} c WHERE ${columns.map((column) => `c.${column} IS NOT NULL`).join(' AND ')} AND NOT EXISTS
    (SELECT FROM ${references} p WHERE ${columns.map((column, index) => `p.${keys[index]} = c.${column}`).join(' AND ')})`;
}

/** Referenced tables before those that refer to them; cycles are cut anywhere. */
function parentsFirst(tables: readonly EmptyTable[]): EmptyTable[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const ordered = new Set<EmptyTable>();
  const entered = new Set<EmptyTable>();
  const enter = (table: EmptyTable): void => {
    if (entered.has(table)) return;
    entered.add(table);
    for (const { references } of table.foreignKeys) {
      const parent = byName.get(references);
      if (parent) enter(parent);
    }
    ordered.add(table);
  };
  for (const table of tables) enter(table);
  return [...ordered];
}

function literal(value: string | null): string {
  return value === null ? 'NULL' : `'${value.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`.replace(/^(?=.*\\)/, 'E');
}

/** Numbers from 0 to 1, the same in every run. */
function numbersByChance(start: number): () => number {
  let state = start;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
