import { beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './query-fails';
import { expectMarkers, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});

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

it('marks the place that the server names, and the release that comes too late with what the query needs', async () => {
  const query = 'SELECT id, note FROM memories;\n--         ^^^^^^^^^^^^^^^^^^ query-fails\n';
  const [finding] = await expectMarkers(fixture('0001_base', '0002_note', query), check, { shadow });
  expect(finding?.message).toMatch(/^Release 1\.0\.0 fails .* column "note" does not exist.*release 2\.0\.0 make it work/);
});

it('is silent where the own release has what the query needs', async () => {
  await expectMarkers(fixture('0001_base, 0002_note', '', 'SELECT id, note FROM memories;'), check, { shadow });
});

const withTrigger = (code: string) => `CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${code} RETURN NEW; END $$;
CREATE TRIGGER fill BEFORE INSERT OR UPDATE ON memories FOR EACH ROW EXECUTE FUNCTION fill();`;

it('runs writes, so that a trigger that fails is seen', async () => {
  const query = 'INSERT INTO memories (id) VALUES ($1);\n--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ query-fails\n';
  const files = fixture('0001_base, 0002_note', '', query);
  const [dropped] = await expectMarkers(
    {
      ...files,
      '0001_base.up.sql': `CREATE TABLE memories (id bigint PRIMARY KEY, title text, note text);\n${withTrigger('NEW.note := 1;')}`,
      '0002_note.up.sql': 'ALTER TABLE memories DROP COLUMN note;',
    },
    check,
    { shadow },
  );
  expect(dropped?.message).toMatch(/^Release 1\.0\.0 fails here .*: record "new" has no field "note" \(in fill\(\)\)\. Correct the query/);
  const [born] = await expectMarkers(
    {
      ...files,
      '0001_base.up.sql': 'SELECT 1;',
      '0002_note.up.sql': `CREATE TABLE memories (id bigint PRIMARY KEY);\n${withTrigger('NEW.note := 1;')}`,
    },
    check,
    { shadow },
  );
  expect(born?.message).toMatch(/record "new" has no field "note" \(in fill\(\)\)/);
});

it('is silent on writes that work, and where only the made-up values are refused', async () => {
  const query = 'INSERT INTO memories (id) VALUES ($1);\nUPDATE memories SET id = id + $2 WHERE id = $1;\n';
  const table = 'CREATE TABLE memories (id bigint PRIMARY KEY, note text);\n';
  const files = fixture('0001_base, 0002_note', '', query);
  await expectMarkers({ ...files, '0001_base.up.sql': table + withTrigger('NEW.note := 1;'), '0002_note.up.sql': 'SELECT 1;' }, check, {
    shadow,
  });
  await expectMarkers(
    {
      ...files,
      '0001_base.up.sql': 'SELECT 1;',
      '0002_note.up.sql': table + withTrigger("IF NEW.id < 1000000 THEN RAISE 'too small'; END IF;"),
    },
    check,
    { shadow },
  );
});
