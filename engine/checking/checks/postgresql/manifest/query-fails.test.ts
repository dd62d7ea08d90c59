import { expect, it } from 'vitest';
import { check } from './query-fails';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check);

const fixture = (first: string, second: string, query: string) => ({
  'upgrade.yaml': `manifest: 1
system: mem8
releases:
  - version: 1.0.0
    queries: queries/1.0.sql
    migrations: [${first}]
  - version: 2.0.0
    migrations: [${second}]
`,
  '0001_base.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY);',
  '0002_note.up.sql': 'ALTER TABLE memories ADD COLUMN note text;',
  '../queries/1.0.sql': query,
});

it('marks the place that the server names, and names the later release that has what the query needs', async () => {
  const query = 'SELECT id, note FROM memories;\n--         ^^^^^^^^^^^^^^^^^^ query-fails\n';
  const [finding] = await reports(fixture('0001_base', '0002_note', query));
  expect(finding).toMatchObject({
    message: 'Fails in 1.0.0: column "note" does not exist (42703)',
    details: 'The query works only after the migrations of 2.0.0.',
    advice: 'Move what the query needs from 2.0.0 to 1.0.0 or an earlier release.',
    related: [{ message: '1.0.0 names its queries here.' }],
  });
});

it('is silent where its own release has what the query needs', () =>
  silentOn(fixture('0001_base, 0002_note', '', 'SELECT id, note FROM memories;')));

const withTrigger = (code: string) => `CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${code} RETURN NEW; END $$;
CREATE TRIGGER fill BEFORE INSERT OR UPDATE ON memories FOR EACH ROW EXECUTE FUNCTION fill();`;

it('runs writes, so that it sees a failing trigger', async () => {
  const query = 'INSERT INTO memories (id) VALUES ($1);\n--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ query-fails\n';
  const files = fixture('0001_base, 0002_note', '', query);
  const [dropped] = await reports({
    ...files,
    '0001_base.up.sql': `CREATE TABLE memories (id bigint PRIMARY KEY, title text, note text);\n${withTrigger('NEW.note := 1;')}`,
    '0002_note.up.sql': 'ALTER TABLE memories DROP COLUMN note;',
  });
  expect(dropped).toMatchObject({
    message: 'Fails in 1.0.0: record "new" has no field "note" (42703)',
    details: 'The error occurs in fill(). The query fails even after all migrations of 1.0.0.',
    advice: 'Correct the query, or add what it needs to the migrations of 1.0.0 or an earlier release.',
  });
  const [born] = await reports({
    ...files,
    '0001_base.up.sql': 'SELECT 1;',
    '0002_note.up.sql': `CREATE TABLE memories (id bigint PRIMARY KEY);\n${withTrigger('NEW.note := 1;')}`,
  });
  expect(born?.message).toBe('Fails in 1.0.0: record "new" has no field "note" (42703)');
  expect(born?.details).toContain('The error occurs in fill().');
});

it('is silent on writes that work, and where only the made-up values are refused', async () => {
  const query = 'INSERT INTO memories (id) VALUES ($1);\nUPDATE memories SET id = id + $2 WHERE id = $1;\n';
  const table = 'CREATE TABLE memories (id bigint PRIMARY KEY, note text);\n';
  const files = fixture('0001_base, 0002_note', '', query);
  await silentOn({ ...files, '0001_base.up.sql': table + withTrigger('NEW.note := 1;'), '0002_note.up.sql': 'SELECT 1;' });
  await silentOn({
    ...files,
    '0001_base.up.sql': 'SELECT 1;',
    '0002_note.up.sql': table + withTrigger("IF NEW.id < 1000000 THEN RAISE 'too small'; END IF;"),
  });
});
