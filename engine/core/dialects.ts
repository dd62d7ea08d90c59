/** The databases that migrations are written for. Only scripts for PostgreSQL are checked. */
export const dialects = [
  'postgresql',
  'mysql',
  'mariadb',
  'sqlite',
  'sqlserver',
  'oracle',
  'cockroachdb',
  'clickhouse',
  'h2',
  'hsqldb',
  'derby',
  'db2',
  'firebird',
  'redshift',
  'snowflake',
  'bigquery',
  'spanner',
  'duckdb',
  'cassandra',
] as const;
export type Dialect = (typeof dialects)[number];

/** The databases' own names. */
export const dialectTitles: Readonly<Record<Dialect, string>> = {
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  sqlite: 'SQLite',
  sqlserver: 'SQL Server',
  oracle: 'Oracle',
  cockroachdb: 'CockroachDB',
  clickhouse: 'ClickHouse',
  h2: 'H2',
  hsqldb: 'HSQLDB',
  derby: 'Derby',
  db2: 'Db2',
  firebird: 'Firebird',
  redshift: 'Redshift',
  snowflake: 'Snowflake',
  bigquery: 'BigQuery',
  spanner: 'Spanner',
  duckdb: 'DuckDB',
  cassandra: 'Cassandra',
};

const aliases: Readonly<Record<string, Dialect>> = {
  postgres: 'postgresql',
  pg: 'postgresql',
  pgsql: 'postgresql',
  psql: 'postgresql',
  postgre: 'postgresql',
  timescaledb: 'postgresql',
  postgis: 'postgresql',
  pgx: 'postgresql',
  supabase: 'postgresql',
  mysql2: 'mysql',
  mysql5: 'mysql',
  mysql8: 'mysql',
  planetscale: 'mysql',
  tidb: 'mysql',
  sqlite3: 'sqlite',
  libsql: 'sqlite',
  turso: 'sqlite',
  sqlcipher: 'sqlite',
  rqlite: 'sqlite',
  mssql: 'sqlserver',
  tsql: 'sqlserver',
  oracledb: 'oracle',
  cockroach: 'cockroachdb',
  crdb: 'cockroachdb',
  hsql: 'hsqldb',
  cql: 'cassandra',
};

/** Names that mean something else in other projects, a price oracle or an HTTP/2 server: alone they prove nothing. */
const ambiguous: ReadonlySet<string> = new Set(['oracle', 'h2', 'derby', 'firebird', 'snowflake', 'spanner', 'cassandra', 'turso']);

/** The database that a word names, in any of its spellings: `postgres`, `mysql8`, `mssql`. */
export function dialectNamed(word: string): Dialect | undefined {
  const lower = word.toLowerCase();
  return dialects.find((dialect) => dialect === lower) ?? (Object.hasOwn(aliases, lower) ? aliases[lower] : undefined);
}

/** The databases in a folder's name: `migrations_postgres`, `jdbc-mysql`, `sql-server`. */
export function dialectsIn(name: string): { readonly dialect: Dialect; readonly isAmbiguous: boolean }[] {
  const words = name
    .toLowerCase()
    .replace(/sql[-_ ]server/g, 'sqlserver')
    .split(/[^a-z0-9]+/);
  const found = new Map<Dialect, boolean>();
  for (const word of words) {
    const dialect = dialectNamed(word);
    if (dialect) found.set(dialect, (found.get(dialect) ?? true) && ambiguous.has(word));
  }
  return [...found].map(([dialect, isAmbiguous]) => ({ dialect, isAmbiguous }));
}
