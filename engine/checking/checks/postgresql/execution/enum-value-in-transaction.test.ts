import { expect, it } from 'vitest';
import { check } from './enum-value-in-transaction';
import { check as statementFails } from './statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, silentOn } = sqlCheck(
  check,
  "CREATE TYPE mood AS ENUM ('calm');\nCREATE TABLE memories (id bigint PRIMARY KEY, mood mood);",
);
const bySyntax = sqlCheck(check, '', { loose: true, shadow: false });
const alone = sqlCheck(check);

it('reports the use of a value that the transaction adds, and where it is added', async () => {
  const script = `ALTER TYPE mood ADD VALUE 'eager';
ALTER TYPE mood ADD VALUE 'wild';
INSERT INTO memories VALUES (1, 'wild');
`;
  const [finding, ...others] = await findingsIn(script, { also: [statementFails] });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ id: check.id, severity: 'error', verified: true, hazards: ['P43'] });
  expect(script.slice(finding?.range.start, finding?.range.end)).toBe("'wild'");
  expect(finding?.related[0]?.range.start).toBe(script.lastIndexOf('ALTER'));
});

it('is silent on adding alone, on other values, and in a later migration', () =>
  silentOn({
    '0002_wild.up.sql': "ALTER TYPE mood ADD VALUE 'wild';\nINSERT INTO memories VALUES (1, 'calm');\n",
    '0003_use.up.sql': "INSERT INTO memories VALUES (2, 'wild');\nSELECT 'wild'::mood;\n",
  }));

it('reports values of a type of the same transaction only where servers before 17 must work', async () => {
  const sql = "CREATE TYPE pace AS ENUM ('slow');\nALTER TYPE pace ADD VALUE 'fast';\nSELECT 'fast'::pace;\n";
  const [finding] = await findingsIn(sql, { minimum: 16, also: [statementFails] });
  expect(finding?.advice).toBe('List the value in CREATE TYPE.');
  await silentOn(sql, { minimum: 17, also: [statementFails] });
});

it('judges by the syntax where nothing was run', async () => {
  const [finding] = await bySyntax.reports(`ALTER TYPE mood ADD VALUE 'wild';
SELECT 'calm'::mood;
UPDATE memories SET mood = 'wild';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ enum-value-in-transaction
`);
  expect(finding?.verified).toBe(false);
});

it('reports values that a query only makes for rows', async () => {
  const findings = await alone.findingsIn({
    '0001_base.up.sql': `CREATE TYPE mood AS ENUM ('a');
CREATE TABLE src (id int PRIMARY KEY, s text);
CREATE TABLE t (m mood, n text);`,
    '0002_text.up.sql': `ALTER TYPE mood ADD VALUE 'b';
INSERT INTO t (m) SELECT 'b'::text::mood FROM src;`,
    '0003_literal.up.sql': `ALTER TYPE mood ADD VALUE 'c';
INSERT INTO t (m) SELECT 'c' FROM src WHERE id = 5;`,
    '0004_other_column.up.sql': `ALTER TYPE mood ADD VALUE 'd';
INSERT INTO t (n) SELECT 'd' FROM src WHERE id = 5;`,
  });
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
  const [finding] = await alone.reports(pending);
  expect(finding).toMatchObject({ severity: 'error', verified: true, related: [{ file: '/project/migrations/2_b.sql' }] });
  expect(finding).toMatchObject({
    message: "Fails if 2_b is pending too: it adds enum value 'b'",
    details:
      'node-pg-migrate runs both migrations in one transaction, and PostgreSQL refuses to use a value before that transaction has committed.',
    advice: 'Run it with --no-single-transaction and set pendingInOneTransaction: false.',
  });
  expect((await alone.findingsIn(pending, { shadow: false })).map(({ verified }) => verified)).toEqual([false, false]);
});

it('follows the setting of the project', async () => {
  const off = { ...pending, '../.mem8-upgrade.yaml': 'pendingInOneTransaction: false\n' };
  await alone.silentOn(off);
  const plain = Object.fromEntries(Object.entries(pending).map(([name, text]) => [name, text.replace('-- Up Migration\n', '')]));
  await alone.silentOn(plain);
  const on = { ...plain, '../.mem8-upgrade.yaml': 'pendingInOneTransaction: true\n' };
  expect(await alone.findingsIn(on)).toHaveLength(1);
});

it('leaves a value of a type alone that is made in the same migration, on servers from 17', async () => {
  const together = { '1_a.sql': `${pending['1_a.sql']}ALTER TYPE st ADD VALUE 'b';\n`, '3_c.sql': pending['3_c.sql'] };
  await alone.silentOn(together, { minimum: 17 });
  expect(await alone.findingsIn(together, { minimum: 16 })).toHaveLength(1);
});

it('warns where the column of an unknown table is guessed to have the type', async () => {
  const use = (update: string) => findingsIn(`BEGIN;\nALTER TYPE state ADD VALUE 'gone';\n${update}\nCOMMIT;\n`, { loose: true });
  expect(await use("UPDATE item SET state = 'gone' WHERE id = 1;")).toMatchObject([{ severity: 'warning', verified: false }]);
  expect(await use("UPDATE item SET state = 'kept' WHERE id = 1;")).toEqual([]);
});
