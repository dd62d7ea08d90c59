import type { CodeLanguage } from './code-language';
import type { PlaceholderStyle } from './placeholders';

/** Where the code of one language hands SQL to a database. */
export interface CallRules {
  /** Functions, methods, macros and annotations whose argument is SQL when it begins like a query. */
  readonly calls: ReadonlySet<string>;
  /** Calls that make a text of a pattern, so that SQL in them is put together at run time. */
  readonly formatters: ReadonlySet<string>;
  /** Methods after a string that do not change what it means as SQL. */
  readonly harmless: ReadonlySet<string>;
  readonly styles: ReadonlySet<PlaceholderStyle>;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

export const callRules: Readonly<Record<CodeLanguage['name'], CallRules>> = {
  // sqlx, diesel, tokio-postgres, sea-orm
  rust: {
    calls: words(`query query_as query_scalar query_with query_as_with query_scalar_with query_unchecked query_as_unchecked
      query_scalar_unchecked raw_sql sql_query query_one query_opt query_raw query_typed query_typed_raw execute execute_raw
      execute_typed prepare prepare_cached prepare_typed batch_execute simple_query`),
    formatters: words('format formatcp concatcp const_format QueryBuilder'),
    harmless: words('to_string to_owned into as_str trim'),
    styles: new Set(),
  },
  // node-postgres, postgres.js, pg-promise, knex, Prisma, TypeORM
  javascript: {
    calls: words(`query queryOne queryArray queryObject execute unsafe raw $queryRawUnsafe $executeRawUnsafe any one oneOrNone many
      manyOrNone none maybeOne prepare createNativeQuery`),
    formatters: words('format sprintf'),
    harmless: words('trim toString'),
    styles: new Set<PlaceholderStyle>(['colon', 'question']),
  },
  // database/sql, pgx, sqlx, gorm, bun
  go: {
    calls: words(`Query QueryRow QueryContext QueryRowContext Exec ExecContext Prepare PrepareContext Get GetContext Select
      SelectContext NamedExec NamedExecContext NamedQuery NamedQueryContext PrepareNamed PrepareNamedContext Preparex PreparexContext
      Queryx QueryxContext QueryRowx QueryRowxContext MustExec MustExecContext Queue Raw NewRaw Rebind`),
    formatters: words('Sprintf Sprint Replace ReplaceAll'),
    harmless: new Set(),
    styles: new Set<PlaceholderStyle>(['colon', 'at', 'question']),
  },
  // psycopg, asyncpg, SQLAlchemy, Django, pandas
  python: {
    calls: words(`execute executemany text SQL RawSQL raw fetch fetchrow fetchval fetch_all fetch_one fetch_val fetchone fetchall
      scalar scalars stream prepare cursor mogrify iterate read_sql read_sql_query`),
    formatters: words('format'),
    harmless: words('strip encode'),
    styles: new Set<PlaceholderStyle>(['percent', 'colon', 'question']),
  },
  java: javaRules(),
  kotlin: javaRules(),
};

// JDBC, Spring, Jdbi, JPA, jOOQ, MyBatis, Vert.x
function javaRules(): CallRules {
  return {
    calls: words(`Query NativeQuery SqlQuery SqlUpdate SqlBatch SqlCall Select Insert Update Delete prepareStatement prepareCall
      prepareQuery preparedQuery createNativeQuery createNativeMutationQuery createUpdate createQuery prepareBatch createCall query
      queryForObject queryForList queryForMap queryForRowSet queryForStream update batchUpdate sql execute executeQuery executeUpdate
      select resultQuery`),
    formatters: words('format String.format MessageFormat'),
    harmless: words('trimIndent trim strip stripIndent'),
    styles: new Set<PlaceholderStyle>(['colon', 'question', 'hash']),
  };
}

/** Macros whose argument is the path of a file with one query. */
export const fileMacros = words(
  'query_file query_file_as query_file_scalar query_file_unchecked query_file_as_unchecked query_file_scalar_unchecked',
);

/** Tags of JavaScript templates that are something else than SQL. */
export const otherTags = words('gql graphql html css svg md String.raw raw outdent dedent');

/** Calls inside a template whose result is sent as one parameter. */
export const parameterHelpers = words('array json jsonb binary date interval time timestamp timestamptz uuid typed param val value');
