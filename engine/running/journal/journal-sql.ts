/** Every statement that the journal sends. The schema has a version of its own; a change of it needs a new `journalVersion`. */

export const journalSchema = 'mem8_upgrade';

/** The version of the tables below, and the oldest engine (by that version) that may still write them. */
export const journalVersion = 1;
export const journalMinimumReader = 1;

export const journalTables = ['meta', 'runs', 'steps', 'migrations', 'pages', 'releases', 'backups'] as const;

export const createJournalSql = `
create schema mem8_upgrade;
create table mem8_upgrade.meta (
  singleton boolean primary key default true check (singleton),
  version integer not null,
  minimum_reader integer not null,
  head text not null,
  fence bigint not null,
  system text not null,
  created_at timestamptz not null
);
create table mem8_upgrade.runs (
  id text primary key,
  number integer not null unique,
  direction text not null check (direction in ('upgrade', 'rollback')),
  plan jsonb not null,
  manifest text not null,
  from_release text,
  to_release text,
  boundary bigint not null,
  fingerprint text not null,
  objects jsonb not null,
  state text not null check (state in ('running', 'failed', 'cancelled', 'done', 'undone', 'nothing')),
  error jsonb,
  holder text not null,
  started_at timestamptz not null,
  finished_at timestamptz
);
create table mem8_upgrade.steps (
  run text not null references mem8_upgrade.runs,
  id text not null,
  position integer not null,
  kind text not null,
  direction text not null,
  title text not null,
  release text not null,
  migration text,
  sql text,
  hash text,
  transactional boolean not null,
  state text not null check (state in ('running', 'done', 'failed', 'undone')),
  cursor jsonb,
  row_count bigint,
  error jsonb,
  started_at timestamptz not null,
  finished_at timestamptz,
  primary key (run, id)
);
create table mem8_upgrade.migrations (
  id text primary key,
  ordinal bigint not null unique,
  release text not null,
  kind text not null check (kind in ('script', 'transform')),
  hash text not null,
  up text not null,
  down text,
  runner jsonb,
  transform jsonb,
  irreversible text,
  state text not null check (state in ('applied', 'partial')),
  run text not null references mem8_upgrade.runs,
  applied_at timestamptz not null
);
create table mem8_upgrade.pages (
  migration text not null,
  page bigint not null,
  keys text[] not null,
  primary key (migration, page)
);
create table mem8_upgrade.releases (
  release text primary key,
  ordinal bigint not null unique,
  run text not null references mem8_upgrade.runs,
  reached_at timestamptz not null,
  fingerprint text not null,
  objects jsonb not null,
  rollback jsonb not null,
  minimum_reader text not null
);
create table mem8_upgrade.backups (
  id text primary key,
  run text,
  info jsonb not null,
  created_at timestamptz not null
);
comment on schema mem8_upgrade is 'Journal of Mem|8 Upgrade: what was applied to this database, and how to undo it.';
`;

export const insertMetaSql = `insert into mem8_upgrade.meta (version, minimum_reader, head, fence, system, created_at)
  values ($1, $2, 'empty', 0, $3, $4::text::timestamptz)`;

/** Tables of the journal that exist. No row: there is no journal. */
export const presentTablesSql = `select n.nspname as schema, c.relname as name
  from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind = 'r'
  where n.nspname = 'mem8_upgrade'`;

export const readMetaSql = `select version, minimum_reader, head, fence, system from mem8_upgrade.meta`;

/** The cheap question: did anything happen since? */
export const readHeadSql = `select head from mem8_upgrade.meta`;

export const takeFenceSql = `update mem8_upgrade.meta set fence = fence + 1 returning fence`;

/** Chains an event to the head; no row when another run took the fence in the meantime. */
export const touchSql = `update mem8_upgrade.meta
  set head = 'sha256:' || encode(sha256(convert_to(head || chr(10) || $1::text, 'UTF8')), 'hex')
  where fence = $2::text::bigint returning head`;

const iso = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

export const readReleasesSql = `select release, ordinal, run, ${iso('reached_at')} as reached_at, fingerprint, rollback, minimum_reader
  from mem8_upgrade.releases order by ordinal`;

export const readMigrationsSql = `select id, ordinal, release, kind, hash, state, irreversible, run, ${iso('applied_at')} as applied_at
  from mem8_upgrade.migrations order by ordinal`;

export const readTextsSql = `select up, down, runner, transform from mem8_upgrade.migrations where id = $1`;

export const readOpenRunSql = `select id, direction, plan, from_release, to_release, boundary, fingerprint, state, error
  from mem8_upgrade.runs where state in ('running', 'failed', 'cancelled') order by number desc limit 1`;

/** What the last run left that should not be there; no row when another run followed or none ended. */
export const readLeftoverSql = `select error from mem8_upgrade.runs
  where number = (select max(number) from mem8_upgrade.runs where state <> 'nothing') and state = 'done' and direction = 'rollback' and error is not null`;

export const readStepsSql = `select id, kind, direction, title, release, migration, sql, hash, state, cursor, error
  from mem8_upgrade.steps where run = $1 order by position`;

export const insertRunSql = `insert into mem8_upgrade.runs
    (id, number, direction, plan, manifest, from_release, to_release, boundary, fingerprint, objects, state, holder, started_at)
  select $1, coalesce(max(number), 0) + 1, $2, $3::text::jsonb, $4, $5, $6, $7::text::bigint, $8, $9::text::jsonb, 'running', $10, $11::text::timestamptz
  from mem8_upgrade.runs`;

export const reopenRunSql = `update mem8_upgrade.runs set state = 'running', error = null, finished_at = null, plan = $2::text::jsonb,
  manifest = $3, holder = $4 where id = $1`;

export const closeRunSql = `update mem8_upgrade.runs
  set state = $2, error = $3::text::jsonb, finished_at = $4::text::timestamptz where id = $1`;

/** Ends every run that is still open except the given one: its steps were undone. */
export const supersedeRunsSql = `update mem8_upgrade.runs set state = 'undone', finished_at = $2::text::timestamptz
  where id <> $1 and state in ('running', 'failed', 'cancelled')`;

export const intendStepSql = `insert into mem8_upgrade.steps
    (run, id, position, kind, direction, title, release, migration, sql, hash, transactional, state, started_at)
  select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10::boolean, 'running', $11::text::timestamptz
  from mem8_upgrade.steps where run = $1
  on conflict (run, id) do update set state = 'running', error = null, sql = excluded.sql, hash = excluded.hash,
    title = excluded.title, finished_at = null`;

export const finishStepSql = `update mem8_upgrade.steps
  set state = $3, error = $4::text::jsonb, finished_at = $5::text::timestamptz, row_count = coalesce($6::text::bigint, row_count)
  where run = $1 and id = $2`;

export const saveCursorSql = `update mem8_upgrade.steps set cursor = $3::text::jsonb, row_count = $4::text::bigint where run = $1 and id = $2`;

const nextOrdinal = `(select coalesce(max(ordinal), 0) + 1 from
  (select ordinal from mem8_upgrade.migrations union all select ordinal from mem8_upgrade.releases) all_ordinals)`;

export const insertMigrationSql = `insert into mem8_upgrade.migrations
    (id, ordinal, release, kind, hash, up, down, runner, transform, irreversible, state, run, applied_at)
  values ($1, ${nextOrdinal}, $2, $3, $4, $5, $6, $7::text::jsonb, $8::text::jsonb, $9, $10, $11, $12::text::timestamptz)
  on conflict (id) do update set hash = excluded.hash, up = excluded.up, down = excluded.down, runner = excluded.runner,
    transform = excluded.transform, irreversible = excluded.irreversible, state = excluded.state, applied_at = excluded.applied_at`;

export const partialMigrationSql = `update mem8_upgrade.migrations set state = 'partial' where id = $1`;

export const deleteMigrationSql = `delete from mem8_upgrade.migrations where id = $1`;

export const insertReleaseSql = `insert into mem8_upgrade.releases (release, ordinal, run, reached_at, fingerprint, objects, rollback, minimum_reader)
  values ($1, ${nextOrdinal}, $2, $3::text::timestamptz, $4, $5::text::jsonb, $6::text::jsonb, $7)`;

export const deleteReleaseSql = `delete from mem8_upgrade.releases where release = $1`;

export const insertBackupSql = `insert into mem8_upgrade.backups (id, run, info, created_at)
  values ($1, $2, $3::text::jsonb, $4::text::timestamptz) on conflict (id) do update set info = excluded.info`;

export const insertPageSql = `insert into mem8_upgrade.pages (migration, page, keys)
  select $1, coalesce(max(page), 0) + 1, $2::text::text[] from mem8_upgrade.pages where migration = $1`;

export const lastPageSql = `select page, keys::text as keys from mem8_upgrade.pages where migration = $1 order by page desc limit 1`;

export const deletePageSql = `delete from mem8_upgrade.pages where migration = $1 and page = $2::text::bigint`;

export const countPageKeysSql = `select coalesce(sum(cardinality(keys)), 0) as rows from mem8_upgrade.pages where migration = $1`;

/** The schema when a release was reached. */
export const releaseSchemaSql = `select fingerprint, objects from mem8_upgrade.releases where release = $1`;

/** The schema when a run began. */
export const runSchemaSql = `select fingerprint, objects from mem8_upgrade.runs where id = $1`;

/** The schema before the first run. */
export const firstSchemaSql = `select fingerprint, objects from mem8_upgrade.runs where from_release is null order by number limit 1`;
