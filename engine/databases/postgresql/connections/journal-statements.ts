import type { JournalStatements } from '../../journal-statements';
import { textArray } from '../sql/quoting';

const createRows = `
create table if not exists mem8_upgrade.row_records (
  number bigint primary key,
  run text not null references mem8_upgrade.runs,
  moment text not null check (moment in ('begin', 'release', 'end')),
  state text,
  record jsonb not null,
  taken_at timestamptz not null
);
`;

const createTables = `
create schema mem8_upgrade;
create table mem8_upgrade.meta (
  singleton boolean primary key default true check (singleton),
  version integer not null,
  minimum_reader integer not null,
  head text not null,
  fence bigint not null,
  system text not null,
  created_at timestamptz not null,
  identity jsonb
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
  finished_at timestamptz,
  schema_after jsonb
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

/** What the statements below need of each table. */
const rightsOnTables = `(values ('meta', '{SELECT,UPDATE}'), ('runs', '{SELECT,INSERT,UPDATE}'), ('steps', '{SELECT,INSERT,UPDATE}'),
  ('migrations', '{SELECT,INSERT,UPDATE,DELETE}'), ('pages', '{SELECT,INSERT,DELETE}'), ('releases', '{SELECT,INSERT,DELETE}'),
  ('backups', '{SELECT,INSERT,UPDATE}')) as needs (name, privileges)`;

const iso = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const runColumns = `id, direction, plan, from_release, to_release, boundary, fingerprint, state, error, holder, ${iso('started_at')} as started_at`;

const nextOrdinal = `(select coalesce(max(ordinal), 0) + 1 from
  (select ordinal from mem8_upgrade.migrations union all select ordinal from mem8_upgrade.releases) all_ordinals)`;

/** The journal in PostgreSQL: a schema of its own. */
export const journalStatements: JournalStatements = {
  schema: 'mem8_upgrade',
  version: 2,
  minimumReader: 1,
  tables: ['meta', 'runs', 'steps', 'migrations', 'pages', 'releases', 'backups'],
  create: createTables + createRows,
  amend: `alter table mem8_upgrade.meta add column if not exists identity jsonb;
  update mem8_upgrade.meta set version = 2;
  update mem8_upgrade.runs set manifest = regexp_replace(manifest, '://[^[:space:]]*@', '://***@', 'g')`,
  addRecords: `${createRows} alter table mem8_upgrade.runs add column if not exists schema_after jsonb`,
  hasRecords: `select 1 as present from pg_catalog.pg_attribute where attrelid = to_regclass('mem8_upgrade.runs') and attname = 'schema_after'
  and to_regclass('mem8_upgrade.row_records') is not null`,
  insertMeta: `insert into mem8_upgrade.meta (version, minimum_reader, head, fence, system, created_at)
  values ($1, $2, 'empty', 0, $3, $4::text::timestamptz)`,
  presentTables: `select n.nspname as schema, c.relname as name
  from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind = 'r'
  where n.nspname = 'mem8_upgrade'`,
  missingRights: `select pg_catalog.quote_ident(current_user) as login, pg_catalog.string_agg(privilege, ', ') as privilege, object from (
    select 'CREATE' as privilege, 'DATABASE ' || pg_catalog.quote_ident(d.datname) as object
    from pg_catalog.pg_database d
    where d.datname = pg_catalog.current_database() and not pg_catalog.has_database_privilege(d.oid, 'CREATE')
      and not exists (select from pg_catalog.pg_namespace where nspname = 'mem8_upgrade')
    union all
    select 'USAGE', 'SCHEMA mem8_upgrade' from pg_catalog.pg_namespace n
    where n.nspname = 'mem8_upgrade' and not pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    union all
    select privilege, case when pg_catalog.bool_and(lacking) then 'ALL TABLES IN SCHEMA mem8_upgrade'
      else pg_catalog.string_agg('mem8_upgrade.' || name, ', ' order by name) filter (where lacking) end
    from ${rightsOnTables}, unnest(privileges::text[]) privilege, pg_catalog.pg_class c,
      lateral (select not pg_catalog.has_table_privilege(c.oid, privilege) as lacking) has
    where c.relname = name and c.relkind = 'r' and (privilege = 'SELECT' or $1::text = 'write')
      and c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'mem8_upgrade')
    group by privilege having pg_catalog.bool_or(lacking)
  ) missing group by object`,
  writeIdentity: `update mem8_upgrade.meta set identity = $1::text::jsonb`,
  // Journals of version 1 have no column for the identity.
  readMeta: `select version, minimum_reader, head, fence, system, to_jsonb(m) -> 'identity' as identity from mem8_upgrade.meta m`,
  readHead: `select head from mem8_upgrade.meta`,
  takeFence: `update mem8_upgrade.meta set fence = fence + 1 returning fence`,
  touch: `update mem8_upgrade.meta
  set head = 'sha256:' || encode(sha256(convert_to(head || chr(10) || $1::text, 'UTF8')), 'hex')
  where fence = $2::text::bigint returning head`,
  readReleases: `select release, ordinal, run, ${iso('reached_at')} as reached_at, fingerprint, rollback, minimum_reader
  from mem8_upgrade.releases order by ordinal`,
  readMigrations: `select id, ordinal, release, kind, hash, state, irreversible, run, ${iso('applied_at')} as applied_at
  from mem8_upgrade.migrations order by ordinal`,
  readTexts: `select up, down, runner, transform from mem8_upgrade.migrations where id = $1`,
  readOpenRun: `select ${runColumns}
  from mem8_upgrade.runs r where state in ('running', 'failed', 'cancelled')
  order by exists (select from mem8_upgrade.steps s where s.run = r.id and s.kind not in ('check', 'backup')) desc, number desc limit 1`,
  readLeftover: `select error from mem8_upgrade.runs
  where number = (select max(number) from mem8_upgrade.runs where state <> 'nothing') and state = 'done' and direction = 'rollback' and error is not null`,
  readRunningRuns: `select ${runColumns} from mem8_upgrade.runs where state = 'running' order by number desc`,
  readRunAfter: `select direction, from_release, to_release, state, holder, ${iso('finished_at')} as finished_at from mem8_upgrade.runs
  where plan ->> 'id' = $1 or plan -> 'basis' ->> 'journal' = $2 order by number desc limit 1`,
  readSteps: `select id, kind, direction, title, release, migration, sql, hash, state, cursor, error, ${iso('started_at')} as started_at
  from mem8_upgrade.steps where run = $1 order by position`,
  insertRun: `insert into mem8_upgrade.runs
    (id, number, direction, plan, manifest, from_release, to_release, boundary, fingerprint, objects, state, holder, started_at)
  select $1, coalesce(max(number), 0) + 1, $2, $3::text::jsonb, $4, $5, $6, $7::text::bigint, $8, $9::text::jsonb, 'running', $10, $11::text::timestamptz
  from mem8_upgrade.runs`,
  reopenRun: `update mem8_upgrade.runs set state = 'running', error = null, finished_at = null, plan = $2::text::jsonb,
  manifest = $3, holder = $4 where id = $1`,
  closeRun: `update mem8_upgrade.runs
  set state = $2, error = $3::text::jsonb, finished_at = $4::text::timestamptz, schema_after = $5::text::jsonb where id = $1`,
  supersedeRuns: `update mem8_upgrade.runs set state = 'undone', finished_at = $2::text::timestamptz
  where id <> $1 and state in ('running', 'failed', 'cancelled')`,
  intendStep: `insert into mem8_upgrade.steps
    (run, id, position, kind, direction, title, release, migration, sql, hash, transactional, state, started_at)
  select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10::boolean, 'running', $11::text::timestamptz
  from mem8_upgrade.steps where run = $1
  on conflict (run, id) do update set state = 'running', error = null, sql = excluded.sql, hash = excluded.hash,
    title = excluded.title, started_at = excluded.started_at, finished_at = null`,
  finishStep: `update mem8_upgrade.steps
  set state = $3, error = $4::text::jsonb, finished_at = $5::text::timestamptz, row_count = coalesce($6::text::bigint, row_count)
  where run = $1 and id = $2`,
  saveCursor: `update mem8_upgrade.steps set cursor = $3::text::jsonb, row_count = $4::text::bigint where run = $1 and id = $2`,
  insertMigration: `insert into mem8_upgrade.migrations
    (id, ordinal, release, kind, hash, up, down, runner, transform, irreversible, state, run, applied_at)
  values ($1, ${nextOrdinal}, $2, $3, $4, $5, $6, $7::text::jsonb, $8::text::jsonb, $9, $10, $11, $12::text::timestamptz)
  on conflict (id) do update set hash = excluded.hash, up = excluded.up, down = excluded.down, runner = excluded.runner,
    transform = excluded.transform, irreversible = excluded.irreversible, state = excluded.state, applied_at = excluded.applied_at`,
  partialMigration: `update mem8_upgrade.migrations set state = 'partial' where id = $1`,
  deleteMigration: `delete from mem8_upgrade.migrations where id = $1`,
  insertRelease: `insert into mem8_upgrade.releases (release, ordinal, run, reached_at, fingerprint, objects, rollback, minimum_reader)
  values ($1, ${nextOrdinal}, $2, $3::text::timestamptz, $4, $5::text::jsonb, $6::text::jsonb, $7)`,
  deleteRelease: `delete from mem8_upgrade.releases where release = $1`,
  insertBackup: `insert into mem8_upgrade.backups (id, run, info, created_at)
  values ($1, $2, $3::text::jsonb, $4::text::timestamptz) on conflict (id) do update set info = excluded.info`,
  insertPage: `insert into mem8_upgrade.pages (migration, page, keys)
  select $1, coalesce(max(page), 0) + 1, $2::text::text[] from mem8_upgrade.pages where migration = $1`,
  lastPage: `select page, keys::text as keys from mem8_upgrade.pages where migration = $1 order by page desc limit 1`,
  deletePage: `delete from mem8_upgrade.pages where migration = $1 and page = $2::text::bigint`,
  countPageKeys: `select coalesce(sum(cardinality(keys)), 0) as rows from mem8_upgrade.pages where migration = $1`,
  insertRows: `insert into mem8_upgrade.row_records (number, run, moment, state, record, taken_at)
  select coalesce(max(number), 0) + 1, $1, $2, $3, $4::text::jsonb, $5::text::timestamptz from mem8_upgrade.row_records`,
  rowsSince: `select run, moment, record from mem8_upgrade.row_records
  where number >= (select max(number) from mem8_upgrade.row_records where state = $1) order by number`,
  rowsOfRun: `select run, moment, record from mem8_upgrade.row_records
  where number >= (select min(number) from mem8_upgrade.row_records where run = $1) order by number`,
  // In journals of an earlier version, which have no such column, the name is that of the outer one.
  lastSchema: `select last.run, last.schema from (select null::jsonb as schema_after) none,
  lateral (select id as run, schema_after as schema from mem8_upgrade.runs where state = 'done' order by number desc limit 1) last`,
  acceptedDrift: `select plan -> 'drift' as drift from mem8_upgrade.runs
  where number > coalesce((select number from mem8_upgrade.runs where id = $1), 0) and plan -> 'drift' is not null order by number`,
  missingRows: `with known as (
    select 'migration ' || id as name, ordinal from mem8_upgrade.migrations
    union all select 'release ' || release, ordinal from mem8_upgrade.releases
  ), steps as (
    select case s.kind when 'release' then 'release ' || s.release else 'migration ' || s.migration end as name, s.direction, s.state, s.position, r.number
    from mem8_upgrade.steps s join mem8_upgrade.runs r on r.id = s.run where s.kind in ('migration', 'statement', 'transform', 'release')
  ), done as (
    select distinct on (name) name, direction from steps where state = 'done' order by name, number desc, position desc
  )
  select name as missing from done where direction = 'up' and name not in (select name from known)
  union all select 'the steps of ' || name from known where name not in (select name from steps)
  union all select 'a migration or a release' from known having count(*) <> coalesce(max(ordinal), 0) and not exists
    (select from done where direction = 'up' and name not in (select name from known))
  union all select 'a run' from mem8_upgrade.runs having count(*) <> coalesce(max(number), 0)
  union all select 'a step of run ' || run from mem8_upgrade.steps group by run having count(*) <> max(position)
  union all select 'rows of transform ' || migration from mem8_upgrade.pages group by migration having count(*) <> max(page)`,
  releaseSchema: `select run, fingerprint, objects from mem8_upgrade.releases where release = $1`,
  runSchema: `select id as run, fingerprint, objects from mem8_upgrade.runs where id = $1`,
  firstSchema: `select id as run, fingerprint, objects from mem8_upgrade.runs where from_release is null order by number limit 1`,
  keyList: textArray,
};
