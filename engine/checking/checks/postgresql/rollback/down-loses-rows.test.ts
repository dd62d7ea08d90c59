import { expect, it } from 'vitest';
import { check as downIncomplete } from './down-incomplete';
import { check } from './down-loses-rows';
import { sqlCheck } from '../../testing/sql-check';

const base = {
  '0001_base.up.sql': 'CREATE TABLE person (id bigint PRIMARY KEY, full_name text, born timestamptz, score int);',
  '0001_base.down.sql': 'DROP TABLE person;',
};
const { findingsIn, reports, silentOn } = sqlCheck(check, base, { rehearse: true });
const alone = sqlCheck(check, '', { rehearse: true });

it('says what a split column loses, where it is added again', async () => {
  const [finding] = await reports({
    '0002_split.up.sql': `ALTER TABLE person ADD COLUMN first text, ADD COLUMN last text;
UPDATE person SET first = split_part(full_name, ' ', 1), last = split_part(full_name, ' ', 2);
ALTER TABLE person DROP COLUMN full_name;`,
    '0002_split.down.sql': `ALTER TABLE person ADD COLUMN full_name text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ down-loses-rows
CREATE INDEX person_full_name ON person (full_name);
DROP INDEX person_full_name;
ALTER TABLE person DROP COLUMN first, DROP COLUMN last;`,
  });
  expect(finding).toMatchObject({
    message: 'Rolling back restores person.full_name without its data',
    advice: 'Fill it from the place to which the up script moved the data: UPDATE person SET full_name = ...;',
  });
  expect(finding?.severity).toBe('warning');
  expect(finding?.related[0]?.file).toContain('0002_split.up.sql');
});

it('only notes what the up script kept nowhere: a column, a table, a part of each value', async () => {
  const findings = await reports({
    '0002_a.up.sql': 'ALTER TABLE person DROP COLUMN full_name;',
    '0002_a.down.sql': `ALTER TABLE person ADD COLUMN full_name text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ down-loses-rows
`,
    '0003_b.up.sql': 'ALTER TABLE person ALTER born TYPE date;',
    '0003_b.down.sql': `ALTER TABLE person ALTER born TYPE timestamptz;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ down-loses-rows
`,
    '0004_c.up.sql': 'DROP TABLE person;',
    '0004_c.down.sql': `CREATE TABLE person (id bigint PRIMARY KEY, born date, score int);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ down-loses-rows
`,
  });
  expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set(['info']));
});

it('is silent about what comes back, what changed on purpose and what the release made itself', () =>
  silentOn({
    '0002_join.up.sql': `ALTER TABLE person ADD COLUMN name text;
UPDATE person SET name = full_name;
ALTER TABLE person DROP COLUMN full_name;`,
    '0002_join.down.sql': `ALTER TABLE person ADD COLUMN full_name text;
UPDATE person SET full_name = name;
ALTER TABLE person DROP COLUMN name;`,
    '0003_fill.up.sql': `UPDATE person SET score = 0 WHERE score IS NULL;
ALTER TABLE person ALTER score SET DEFAULT 0, ALTER score SET NOT NULL;`,
    '0003_fill.down.sql': 'ALTER TABLE person ALTER score DROP NOT NULL, ALTER score DROP DEFAULT;',
    '0004_widen.up.sql': 'ALTER TABLE person ALTER score TYPE bigint;',
    '0004_widen.down.sql': 'ALTER TABLE person ALTER score TYPE int;',
    '0005_rename.up.sql': 'ALTER TABLE person RENAME name TO title; ALTER TABLE person RENAME TO people;',
    '0005_rename.down.sql': 'ALTER TABLE people RENAME TO person; ALTER TABLE person RENAME title TO name;',
    '0006_purge.up.sql': 'DELETE FROM people WHERE score > 0;',
    '0006_purge.down.sql': 'SELECT 1;',
    '0007_copy.up.sql': `CREATE TABLE human AS SELECT * FROM people;
DROP TABLE people;`,
    '0007_copy.down.sql': `CREATE TABLE people (id bigint PRIMARY KEY, born timestamptz, score bigint NOT NULL DEFAULT 0, title text);
INSERT INTO people SELECT id, born, score, title FROM human;
DROP TABLE human;`,
  }));

const rule = {
  '0001_base.up.sql': `CREATE TABLE ere (id int PRIMARY KEY, rule_id int, code text);
CREATE TABLE re (id int PRIMARY KEY, rule_id int, ere_id int, migrated boolean);`,
  '0001_base.down.sql': 'DROP TABLE re; DROP TABLE ere;',
};
const move = 'UPDATE ere SET code = re.ere_id::text FROM re WHERE re.rule_id = ere.rule_id;\n';

it.each([
  ['an UPDATE with a join', 'UPDATE re SET ere_id = ere.id + 70 FROM ere WHERE re.rule_id = ere.rule_id AND ere.code IS NOT NULL;'],
  ['a subquery', 'UPDATE re r SET ere_id = (SELECT max(e.id) FROM ere e WHERE e.rule_id = r.rule_id);'],
  ['several columns at once', 'UPDATE re SET (ere_id, migrated) = (SELECT 1, false WHERE re.id > 100);'],
  ['a block', 'DO $$ BEGIN UPDATE re SET ere_id = ere.id + 70 FROM ere WHERE re.rule_id = ere.rule_id; END $$;'],
  ['an upsert', 'INSERT INTO re (id, ere_id) SELECT id, 7 FROM re ON CONFLICT (id) DO UPDATE SET ere_id = 7;'],
])('is silent where the down script fills the column by %s', (_, fill) =>
  alone.silentOn({
    ...rule,
    '0002_move.up.sql': `${move}ALTER TABLE re DROP COLUMN ere_id;`,
    '0002_move.down.sql': `ALTER TABLE re ADD COLUMN ere_id int;\n${fill}`,
  }),
);

it('is silent where the column is computed', () =>
  alone.silentOn({
    ...rule,
    '0002_move.up.sql': `${move}ALTER TABLE re DROP COLUMN ere_id;`,
    '0002_move.down.sql': 'ALTER TABLE re ADD COLUMN ere_id int GENERATED ALWAYS AS (rule_id + 1) STORED;',
  }));

it.each([
  ['UPDATE re SET migrated = true WHERE ere_id IS NOT NULL;', 'info'],
  ['INSERT INTO ere (id, code) SELECT 9000 + re.id, ere.code FROM re JOIN ere USING (id) WHERE re.ere_id > 5;', 'info'],
  ['DO $$ BEGIN UPDATE re SET migrated = true WHERE ere_id IS NOT NULL; END $$;', 'info'],
  ['CREATE TABLE kept AS SELECT * FROM re;', 'warning'],
  [move, 'warning'],
])('tells a move of the data from a flag: %s', async (write, severity) => {
  const [finding] = await alone.reports({
    ...rule,
    '0002_move.up.sql': `${write}
ALTER TABLE re DROP COLUMN ere_id;`,
    '0002_move.down.sql': `${write.startsWith('CREATE') ? 'DROP TABLE kept;' : ''}
ALTER TABLE re ADD COLUMN ere_id int DEFAULT 0;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ down-loses-rows
`,
  });
  expect(finding?.severity).toBe(severity);
});

it('does not take what a trigger function writes for a move of the data', async () => {
  const keep = `CREATE OR REPLACE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO ere (id) VALUES (NEW.ere_id); RETURN NULL; END $$;`;
  const [finding] = await alone.reports({
    ...rule,
    '0002_drop.up.sql': `${keep}\nALTER TABLE re DROP COLUMN ere_id;`,
    '0002_drop.down.sql': `ALTER TABLE re ADD COLUMN ere_id serial;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ down-loses-rows
`,
  });
  expect(finding?.severity).toBe('info');
});

it('leaves what the down script does not restore at all to down-incomplete', async () => {
  const fixture = {
    '0002_drop.up.sql': `CREATE TABLE invitation (id bigint PRIMARY KEY);
DROP TABLE person;`,
    '0002_drop.down.sql': 'DROP TABLE invitation;',
    '0003_base.up.sql': 'CREATE TABLE member (id bigint PRIMARY KEY, name text);',
    '0003_base.down.sql': 'DROP TABLE member;',
    '0004_drop.up.sql': 'ALTER TABLE member DROP COLUMN name;',
    '0004_drop.down.sql': 'SELECT 1;',
  };
  const findings = await findingsIn(fixture, { also: [downIncomplete] });
  expect(findings.map(({ id, details }) => [id, details])).toEqual([
    [downIncomplete.id, 'Differences after up and down: table person is missing.'],
    [downIncomplete.id, 'Differences after up and down: column member.name is missing.'],
  ]);
});
