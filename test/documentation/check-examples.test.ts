import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checks } from '#engine/checking/checks/registry/index';
import { startShadow } from '#engine/checking/checks/testing/sql-fixture';
import { memoryFiles } from '#engine/host/memory-files';
import { analyse } from '#engine/checking/analysis/analysis';
import { openProject } from '#engine/checking/project/open-project';
import { readPage } from './page';
import { root } from './pages';

const memories = 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text, owner text);';
const orders = 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);';
const events = `CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);`;
const pets = 'CREATE TABLE pets (id bigint PRIMARY KEY, name text, title text);';

/** What exists before the examples of a page, where the checks do not guess it from the examples. */
const before: Readonly<Record<string, string>> = {
  'attach-partition-scans': `${events} CREATE TABLE events_2022 (LIKE events);`,
  'broad-grant': `${orders} CREATE ROLE clerk;`,
  'cached-plan-changes': 'CREATE TABLE notes (id bigint PRIMARY KEY, body text);',
  'definer-without-search-path': orders,
  'detach-partition-blocks': `${events} CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE logs (LIKE events) PARTITION BY RANGE (at); CREATE TABLE logs_rest PARTITION OF logs DEFAULT;
CREATE TABLE logs_2020 PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');`,
  'domain-constraint-validates': 'CREATE DOMAIN price AS numeric; CREATE TABLE items (id bigint PRIMARY KEY, cost price);',
  'drop-column': orders,
  'drop-refused-by-dependents': `${pets} CREATE VIEW pet_names AS SELECT name FROM pets;`,
  'enum-change': "CREATE TYPE mood AS ENUM ('good', 'bad');",
  'exclusion-constraint-builds-index': 'CREATE TABLE bookings (id bigint PRIMARY KEY, during tstzrange);',
  'foreign-key-action': orders,
  'index-on-partitioned-table': `${events} CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`,
  'new-table-locks-referenced': 'CREATE TABLE owners (id bigint PRIMARY KEY);',
  'partition-creation-locks-parent': events,
  'policy-change-locks': memories,
  'primary-key-builds-index': 'CREATE TABLE memories (id bigint NOT NULL);',
  'query-unusable': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text, note text);',
  rename: orders,
  'replacement-refused': `${pets} CREATE VIEW pet_names AS SELECT title FROM pets;`,
  'routine-uses-removed': 'CREATE TABLE order_lines (order_id bigint, amount numeric);',
  'routine-uses-unknown': 'CREATE TABLE city (city_id bigint PRIMARY KEY, city_name text);',
  'sequence-not-advanced': 'CREATE TABLE kinds (id bigserial PRIMARY KEY);',
  'set-schema': `${orders} CREATE SCHEMA archive;`,
  'statements-under-exclusive-lock': `${memories} CREATE TABLE drafts (id bigint PRIMARY KEY);`,
  'table-rewrite-command': memories,
  'type-change-refused': `${memories} CREATE VIEW kinds AS SELECT kind FROM memories; CREATE ROLE reader;`,
  'type-narrowing': memories,
  'unbounded-write': orders,
  'unique-over-duplicates': 'CREATE TABLE users (id bigint PRIMARY KEY, email text);',
};

/** Pages with examples for extensions and places on disk that the embedded database lacks. */
const lacking = new Set(['extension-specifics', 'storage-change-rewrites']);

/** What a check still says about the fix, as its page explains. */
const stillFound: Readonly<Record<string, readonly string[]>> = {
  'domain-constraint-validates': ['info: Blocks writes to items: ALTER DOMAIN scans the table (SHARE)'],
};

const examples = checks.flatMap((check) => {
  const text = readFileSync(join(root, `docs/checks/${check.id}.md`), 'utf8');
  const scripts = readPage(text).blocks.filter(({ language }) => language === 'sql');
  return scripts.length === 0 ? [] : [{ id: check.id, check: { ...check, optIn: false }, text, scripts }];
});

it.each(examples)('the fix on the page of $id runs, and the check reports nothing in it', async ({ id, check, text, scripts }) => {
  expect(text.replace(/^## Fix$[^]*?(?=^## )/m, '')).not.toContain('```sql');
  const base = before[id];
  const parts = [...(base === undefined ? [] : [base]), ...scripts.flatMap((block) => migrationsOf(block.text))];
  const first = base === undefined ? 41 : 1;
  const files = Object.fromEntries(parts.map((sql, index) => [`/project/migrations/${first + index}_example.sql`, gooseScript(sql)]));
  const project = await openProject({ files: memoryFiles(files), paths: ['/project/migrations'] });
  if (!project.ok) throw new Error(project.problem.message);
  const { context, findings } = await analyse(project.value, { shadow: await startShadow(), rehearse: 'none', checks: [check] });
  const errors = context.chain.flatMap(({ up, observation }) =>
    up.statements.flatMap(({ error, text }, index) => {
      const observed = observation?.statements[index];
      const failure = error?.message ?? (observed ? observed.error?.message : 'it was not run');
      return failure === undefined ? [] : [`${failure}: ${text}`];
    }),
  );
  if (!lacking.has(id)) expect(errors).toEqual([]);
  const inFix = findings.filter(({ file }) => !file.endsWith('/1_example.sql'));
  expect(inFix.map(({ severity, message }) => `${severity}: ${message}`)).toEqual(stillFound[id] ?? []);
});

/** The migrations of an example: a comment on a line of its own starts the next one. */
function migrationsOf(sql: string): string[] {
  return sql
    .split(/^-- (?!\+goose|mem8-upgrade:).*$/m)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** A script for goose: outside a transaction where a statement needs that, in one piece where it has a body, parameters as NULL. */
function gooseScript(sql: string): string {
  if (sql.startsWith('-- +goose')) return `${sql}\n`;
  const header = /CONCURRENTLY|VACUUM/.test(sql) ? '-- +goose NO TRANSACTION\n' : '';
  const body = sql.includes('$$') ? `-- +goose StatementBegin\n${sql}\n-- +goose StatementEnd` : sql.replace(/\$\d+/g, 'NULL');
  return `${header}-- +goose Up\n${body}\n`;
}
