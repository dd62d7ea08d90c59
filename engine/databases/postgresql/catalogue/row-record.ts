import type { Clock } from '../../../core/host';
import type { RecordedTable, RowRecord } from '../../row-record';
import { DatabaseFailure, type TargetSession } from '../../target';
import { identifier, quotedIdentifier, stringConstant } from '../sql/quoting';
import { comparableSettings } from './fingerprint';

/** The most rows of one table that are read, which takes about 30 ms. */
export const recordedRows = 10_000;
/** How long all tables together may take, and how long to wait for the lock of one. */
const budgetMs = 5_000;
const lockMs = 1_000;
const tablesInQuery = 16;

const listSql = `SELECT n.nspname AS schema, c.relname AS table, pg_catalog.pg_relation_size(c.oid) > 0 AS filled,
    pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT pg_catalog.row_security_active(c.oid) AS readable,
    (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum)::text FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
    (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum)::text FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
      WHERE i.indrelid = c.oid AND i.indisprimary) AS key
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'mem8_upgrade')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
      WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'e')
  ORDER BY pg_catalog.pg_relation_size(c.oid), 1, 2`;

interface Listed {
  readonly name: string;
  readonly quoted: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

/**
 * Reads the rows of every table, small tables first, up to a limit of rows and of time. A table that cannot be read is listed as such.
 * Call it outside a transaction.
 * @throws DatabaseFailure when the catalog may not be read, ProblemError when the connection is lost
 */
export async function readRowRecord(session: TargetSession, clock: Clock): Promise<RowRecord> {
  const nowMs = () => clock.now().getTime();
  const until = nowMs() + budgetMs;
  const tables: Record<string, RecordedTable> = {};
  const unread: string[] = [];
  const filled: Listed[] = [];
  for (const row of await session.query(listSql)) {
    const [schema, table] = [String(row.schema), String(row.table)];
    const name = `${identifier(schema)}.${identifier(table)}`;
    const listed = {
      name,
      quoted: `${quotedIdentifier(schema)}.${quotedIdentifier(table)}`,
      columns: names(row.columns),
      key: names(row.key),
    };
    if (row.readable !== true) unread.push(name);
    else if (row.filled === true) filled.push(listed);
    else tables[name] = { rows: 0, columns: {} };
  }
  for (let at = 0; at < filled.length; at += tablesInQuery) {
    const group = filled.slice(at, at + tablesInQuery);
    const read = await readGroup(session, group, until - nowMs());
    for (const listed of group) {
      const table = read?.get(listed.name);
      if (!table || (listed.key.length === 0 && table.rows > recordedRows)) unread.push(listed.name);
      else tables[listed.name] = table;
    }
  }
  return { limit: recordedRows, tables, unread };
}

async function readGroup(
  session: TargetSession,
  group: readonly Listed[],
  leftMs: number,
): Promise<Map<string, RecordedTable> | undefined> {
  if (leftMs <= 0) return undefined;
  try {
    return await session.transaction(async () => {
      const limits = `SET LOCAL statement_timeout = ${Math.ceil(leftMs)}; SET LOCAL lock_timeout = ${lockMs}`;
      await session.execute(`SET TRANSACTION READ ONLY; ${comparableSettings}; ${limits}`);
      const rows = await session.query<{ name: string; rows: number; hashes: string }>(group.map(selectHashes).join(' UNION ALL '));
      const columnsOf = new Map(group.map(({ name, columns }) => [name, columns]));
      return new Map(rows.map((row) => [row.name, recorded(row, columnsOf.get(row.name) ?? [])]));
    });
  } catch (error) {
    if (error instanceof DatabaseFailure) return undefined;
    throw error;
  }
}

function recorded({ rows, hashes }: { rows: number; hashes: string }, columns: readonly string[]): RecordedTable {
  if (rows === 0) return { rows, columns: {} };
  const each = hashes.split(',');
  return { rows, columns: Object.fromEntries(columns.map((column, index) => [column, each[index] ?? ''])) };
}

/** The sum of the hashes does not depend on the order of the rows; the key in them tells rows apart that swap their values. */
function selectHashes({ name, quoted, columns, key }: Listed): string {
  const texts = key.map((column) => `x.${quotedIdentifier(column)}::text`);
  const seed = texts.length === 0 ? '0' : `pg_catalog.hashtextextended(pg_catalog.concat_ws(',', ${texts.join(', ')}) COLLATE "C", 0)`;
  const hashes = columns.map(
    (column) =>
      `coalesce(pg_catalog.sum(pg_catalog.hashtextextended(x.${quotedIdentifier(column)}::text COLLATE "C", ${seed})::numeric), 0)::text`,
  );
  const first = key.length === 0 ? `LIMIT ${recordedRows + 1}` : `ORDER BY ${key.map(quotedIdentifier).join(', ')} LIMIT ${recordedRows}`;
  return `(SELECT ${stringConstant(name)} AS name, pg_catalog.count(*)::int AS rows, pg_catalog.concat_ws(',', ${hashes.join(', ') || "''"}) AS hashes
    FROM (SELECT * FROM ONLY ${quoted} ${first}) x)`;
}

function names(json: unknown): string[] {
  return typeof json === 'string' ? (JSON.parse(json) as string[]) : [];
}
