import { expect, it } from 'vitest';
import { check } from './cached-plan-changes';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check);

/** Release 1.0.0 sends the query while 1.1.0 runs the change. */
const fixture = (query: string, change: string, window = 1) => ({
  'upgrade.yaml': `manifest: 1
system: demo
window: ${window}
releases:
  - version: 1.0.0
    queries: queries/1.0.sql
    migrations: [0001_base]
  - version: 1.1.0
    migrations: [0002_change]
`,
  '0001_base.up.sql': `CREATE TABLE notes (id bigint PRIMARY KEY, body varchar(20), mark numeric(10, 2));
CREATE VIEW all_notes AS SELECT id, body FROM notes;
CREATE FUNCTION find_notes() RETURNS SETOF notes LANGUAGE sql AS 'SELECT * FROM notes';`,
  '0002_change.up.sql': change,
  '../queries/1.0.sql': query,
});

const add = 'ALTER TABLE notes ADD COLUMN due date;\n';
const found = `${add}--${'^'.repeat(add.length - 4)} cached-plan-changes\n`;

it('names the query and the release that fails', async () => {
  const [finding] = await reports(fixture('-- name: GetNote :one\nSELECT * FROM notes WHERE id = $1;', found));
  expect(finding).toMatchObject({ severity: 'warning', verified: true });
  expect(finding?.message).toBe('GetNote of 1.0.0 fails once per connection: its columns change');
  expect(finding?.details).toBe(
    'PostgreSQL refuses a prepared statement whose result columns change: cached plan must not change result type (0A000).',
  );
  expect(finding?.advice).toBe('Name the columns in the query instead of *, or let clients retry on 0A000.');
  expect(finding?.related[0]?.message).toBe('GetNote of release 1.0.0 returns other columns after this statement.');
});

it('counts the other queries', async () => {
  const queries = ['GetNote', 'FindNote', 'ListNotes'].map((name) => `-- name: ${name} :many\nSELECT * FROM notes;\n`);
  const [finding] = await reports(fixture(queries.join(''), found));
  expect(finding?.message).toBe('GetNote and 2 more of 1.0.0 fail once per connection: their columns change');
});

it.each([
  ['a join', 'SELECT n.* FROM notes n JOIN notes m USING (id);'],
  ['RETURNING *', 'INSERT INTO notes (id, body) VALUES ($1, $2) RETURNING *;'],
  ['a function that returns rows of the table', 'SELECT * FROM find_notes();'],
])('sees %s', async (_, query) => {
  await reports(fixture(query, found));
});

it('sees a selected column whose type changes', async () => {
  const change = `ALTER TABLE notes ALTER COLUMN mark TYPE numeric(12, 2);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ cached-plan-changes
`;
  const [finding] = await reports(fixture('SELECT id, mark FROM notes;', change));
  expect(finding?.advice).toBe('Let clients retry on 0A000, or prepare the query again.');
});

it.each([
  ['a query that names its columns', fixture('SELECT id, body FROM notes;', add)],
  ['count(*)', fixture('SELECT count(*) FROM notes;', add)],
  ['a row that EXISTS asks for', fixture('SELECT EXISTS (SELECT * FROM notes WHERE id = $1);', add)],
  ['a view, which keeps its columns', fixture('SELECT * FROM all_notes;', add)],
  [
    'another table',
    fixture('SELECT * FROM notes;', 'CREATE TABLE others (id bigint PRIMARY KEY); ALTER TABLE others ADD COLUMN due date;'),
  ],
  ['a write that returns nothing', fixture('INSERT INTO notes (id) VALUES ($1);', add)],
  ['a release that no longer runs', fixture('SELECT * FROM notes;', add, 0)],
  ['a column that the migration drops again', fixture('SELECT * FROM notes;', `${add}ALTER TABLE notes DROP COLUMN due;`)],
  ['a query that breaks', fixture('SELECT * FROM notes;', 'ALTER TABLE notes RENAME COLUMN body TO words;')],
])('is silent on %s', (_, files) => silentOn(files));
