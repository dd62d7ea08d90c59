import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './enum-value-in-transaction';
import { check as statementFails } from './statement-fails';
import { expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = { '0001_base.up.sql': "CREATE TYPE mood AS ENUM ('calm');\nCREATE TABLE memories (id bigint PRIMARY KEY, mood mood);" };

it('reports the use of a value that the transaction adds, and where it is added', async () => {
  const fixture = {
    ...base,
    '0002_wild.up.sql': `ALTER TYPE mood ADD VALUE 'eager';
ALTER TYPE mood ADD VALUE 'wild';
INSERT INTO memories VALUES (1, 'wild');
`,
  };
  const text = fixture['0002_wild.up.sql'];
  const [finding, ...others] = await findingsIn(fixture, [check, statementFails], { shadow });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ id: check.id, severity: 'error', verified: true, hazards: ['P43'] });
  expect(text.slice(finding?.range.start, finding?.range.end)).toBe("'wild'");
  expect(finding?.related[0]?.range.start).toBe(text.lastIndexOf('ALTER'));
});

it('is silent on adding alone, on other values, and in a later migration', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_wild.up.sql': "ALTER TYPE mood ADD VALUE 'wild';\nINSERT INTO memories VALUES (1, 'calm');\n",
      '0003_use.up.sql': "INSERT INTO memories VALUES (2, 'wild');\nSELECT 'wild'::mood;\n",
    },
    check,
    { shadow },
  );
});

it('reports values of a type of the same transaction only where servers before 17 must work', async () => {
  const sql = "CREATE TYPE pace AS ENUM ('slow');\nALTER TYPE pace ADD VALUE 'fast';\nSELECT 'fast'::pace;\n";
  const fixture = { ...base, '0002_pace.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check, statementFails], { shadow, minimum: 16 });
  expect(finding?.advice).toBe('List the value in CREATE TYPE.');
  expect(await findingsIn(fixture, [check, statementFails], { shadow, minimum: 17 })).toEqual([]);
});

it('judges by the syntax where nothing was run', async () => {
  const [finding] = await expectMarkers(
    {
      'wild.sql': `ALTER TYPE mood ADD VALUE 'wild';
SELECT 'calm'::mood;
UPDATE memories SET mood = 'wild';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ enum-value-in-transaction
`,
    },
    check,
    { loose: true },
  );
  expect(finding?.verified).toBe(false);
});

it('reports values that a query only makes for rows', async () => {
  const findings = await findingsIn(
    {
      '0001_base.up.sql': `CREATE TYPE mood AS ENUM ('a');
CREATE TABLE src (id int PRIMARY KEY, s text);
CREATE TABLE t (m mood, n text);`,
      '0002_text.up.sql': `ALTER TYPE mood ADD VALUE 'b';
INSERT INTO t (m) SELECT 'b'::text::mood FROM src;`,
      '0003_literal.up.sql': `ALTER TYPE mood ADD VALUE 'c';
INSERT INTO t (m) SELECT 'c' FROM src WHERE id = 5;`,
      '0004_other_column.up.sql': `ALTER TYPE mood ADD VALUE 'd';
INSERT INTO t (n) SELECT 'd' FROM src WHERE id = 5;`,
    },
    [check],
    { shadow },
  );
  expect(findings.map(({ file }) => file.split('/').at(-1))).toEqual(['0002_text.up.sql', '0003_literal.up.sql']);
});

const pending = {
  '1_a.sql':
    "-- Up Migration\nCREATE TYPE st AS ENUM ('a');\nCREATE TABLE cl (id bigint PRIMARY KEY, s st NOT NULL DEFAULT 'a', note text);\n",
  '2_b.sql': "-- Up Migration\nALTER TYPE st ADD VALUE 'b';\n",
  '3_c.sql': `-- Up Migration
INSERT INTO cl (id, note) VALUES (1, 'b');
ALTER TABLE cl ALTER COLUMN s SET DEFAULT 'b';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ enum-value-in-transaction
`,
};

it('reports a value that an earlier pending migration adds, where the tool runs both in one transaction', async () => {
  const [finding] = await expectMarkers(pending, check, { shadow });
  expect(finding).toMatchObject({ severity: 'error', verified: true, related: [{ file: '/project/migrations/2_b.sql' }] });
  expect(finding).toMatchObject({
    message: "Fails if 2_b is pending too: it adds enum value 'b'",
    details:
      'node-pg-migrate runs both migrations in one transaction, and PostgreSQL refuses to use a value before that transaction has committed.',
    advice: 'Run it with --no-single-transaction and set pendingInOneTransaction: false.',
  });
  expect((await findingsIn(pending, [check])).map(({ verified }) => verified)).toEqual([false, false]);
});

it('follows the setting of the project', async () => {
  const off = { ...pending, '../.mem8-upgrade.yaml': 'pendingInOneTransaction: false\n' };
  expect(await findingsIn(off, [check], { shadow })).toEqual([]);
  const plain = Object.fromEntries(Object.entries(pending).map(([name, text]) => [name, text.replace('-- Up Migration\n', '')]));
  expect(await findingsIn(plain, [check], { shadow })).toEqual([]);
  const on = { ...plain, '../.mem8-upgrade.yaml': 'pendingInOneTransaction: true\n' };
  expect(await findingsIn(on, [check], { shadow })).toHaveLength(1);
});

it('leaves a value of a type alone that is made in the same migration, on servers from 17', async () => {
  const together = { '1_a.sql': `${pending['1_a.sql']}ALTER TYPE st ADD VALUE 'b';\n`, '3_c.sql': pending['3_c.sql'] };
  expect(await findingsIn(together, [check], { shadow, minimum: 17 })).toEqual([]);
  expect(await findingsIn(together, [check], { shadow, minimum: 16 })).toHaveLength(1);
});

it('warns where the column of an unknown table is guessed to have the type', async () => {
  const use = (update: string) =>
    findingsIn({ 'change.sql': `BEGIN;\nALTER TYPE state ADD VALUE 'gone';\n${update}\nCOMMIT;\n` }, [check], { loose: true, shadow });
  expect(await use("UPDATE item SET state = 'gone' WHERE id = 1;")).toMatchObject([{ severity: 'warning', verified: false }]);
  expect(await use("UPDATE item SET state = 'kept' WHERE id = 1;")).toEqual([]);
});
