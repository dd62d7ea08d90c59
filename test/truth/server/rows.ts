import type { Connection } from './connection';

/** The rows of a table as hashes, whatever their order and the order of the columns. */
interface TableRows {
  readonly count: number;
  readonly all: string;
  readonly columns: Readonly<Record<string, string>>;
}

const noRows: TableRows = { count: 0, all: '', columns: {} };

/** By table. */
export type Rows = ReadonlyMap<string, TableRows>;

/** A table whose rows are not what they were. */
export interface RowDifference {
  readonly table: string;
  /** In words. */
  readonly what: string;
}

const tablesQuery = `SELECT format('%I.%I', n.nspname, c.relname), (SELECT json_agg(a.attname ORDER BY a.attname) FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), pg_relation_size(c.oid) > 0
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

const hash = (value: string) => `md5(string_agg(md5(to_jsonb(${value})::text), '' ORDER BY md5(to_jsonb(${value})::text)))`;

/** Reads the rows of all tables. */
export async function readRows(connection: Connection): Promise<Rows> {
  const tables = await connection.rows(tablesQuery);
  const rows = new Map(tables.map(([name]) => [name ?? '', noRows]));
  const filled = tables.flatMap(([name, columns, hasPages]) =>
    hasPages === 't' ? [{ name: name ?? '', columns: JSON.parse(columns ?? '[]') as string[] }] : [],
  );
  if (filled.length === 0) return rows;
  const queries = filled.map(({ name, columns }) => {
    const each = columns.map((column) => hash(`x."${column.replaceAll('"', '""')}"`));
    return `SELECT '${name.replaceAll("'", "''")}', count(*), ${hash('x')}, array_to_json(ARRAY[${each.join(', ')}]::text[]) FROM ONLY ${name} x`;
  });
  for (const [index, [name, count, all, hashes]] of (await connection.rows(queries.join(';'))).entries()) {
    const values = JSON.parse(hashes ?? '[]') as string[];
    const columns = Object.fromEntries(filled[index]?.columns.map((column, at) => [column, values[at] ?? '']) ?? []);
    if (count !== '0') rows.set(name ?? '', { count: Number(count), all: all ?? '', columns });
  }
  return rows;
}

/** The tables whose rows are not what they were. One that is gone and had no rows is none. */
export function compareRows(before: Rows, after: Rows): RowDifference[] {
  return [...before].flatMap(([table, rows]): RowDifference[] => {
    const other = after.get(table) ?? noRows;
    if (other.all === rows.all) return [];
    if (other.count !== rows.count) return [{ table, what: `${table} had ${rows.count} rows and has ${other.count}` }];
    const gone = Object.keys(rows.columns).filter((column) => other.columns[column] === undefined);
    const added = Object.keys(other.columns).filter((column) => rows.columns[column] === undefined);
    const changed = Object.keys(rows.columns).filter((column) => !gone.includes(column) && other.columns[column] !== rows.columns[column]);
    const parts = [
      ...(changed.length > 0 ? [`other values in ${changed.join(', ')}`] : []),
      ...(gone.length > 0 ? [`no ${gone.join(', ')}`] : []),
      ...(added.length > 0 ? [`${added.join(', ')} as well`] : []),
    ];
    return [{ table, what: `the rows of ${table} have ${parts.join(' and ') || 'other combinations of values'}` }];
  });
}
