import { expect, it } from 'vitest';
import { check } from './type-change-rewrites';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE owners (id int PRIMARY KEY);
CREATE TABLE memories (id int PRIMARY KEY, owner int REFERENCES owners, kind varchar(20), price numeric(10,2), net cidr, at timestamp);
INSERT INTO owners VALUES (1);
INSERT INTO memories VALUES (1, 1, 'joke', 2, '10.0.0.0/8', '2026-01-01');`;
const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, base);
const alone = sqlCheck(check);

it('reports a rewrite, names the old type and shows where it is stated', async () => {
  const [finding] = await reports(`ALTER TABLE memories ALTER COLUMN id TYPE bigint;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ type-change-rewrites
`);
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P16'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: ALTER COLUMN TYPE rewrites it (ACCESS EXCLUSIVE)');
  expect(finding?.details).toContain('integer and bigint are stored differently');
  expect(finding?.related[0]?.message).toBe('memories.id becomes integer.');
});

it('names the table at the other end of a foreign key', async () => {
  const [finding] = await findingsIn('ALTER TABLE memories ALTER COLUMN owner TYPE bigint;\n');
  expect(finding?.details).toContain('Also blocks reads and writes of owners (ACCESS EXCLUSIVE), which a foreign key references.');
});

it('is silent on changes that keep the stored values', () =>
  silentOn(`ALTER TABLE memories ALTER COLUMN kind TYPE varchar(40);
ALTER TABLE memories ALTER COLUMN kind TYPE text;
ALTER TABLE memories ALTER COLUMN price TYPE numeric(12,2);
ALTER TABLE memories ALTER COLUMN net TYPE inet;
CREATE TABLE fresh (id int);
ALTER TABLE fresh ALTER COLUMN id TYPE bigint;
`));

it('marks the column that causes the rewrite', () =>
  reports(`ALTER TABLE memories ALTER COLUMN kind TYPE text, ALTER COLUMN price TYPE numeric(12,4);
--                                                             ^^^^^ type-change-rewrites
ALTER TABLE memories ADD COLUMN place serial, ALTER COLUMN kind TYPE text;
`));

it('reports that the TimeZone decides about a timestamp, and sets UTC by a fix', async () => {
  const script = 'ALTER TABLE memories ALTER COLUMN at TYPE timestamptz;\n';
  const [finding] = await findingsIn(script);
  expect(finding).toMatchObject({ severity: 'hint' });
  await afterFix(script);
  const [paris] = await findingsIn(`SET TimeZone = 'Europe/Paris';\nALTER TABLE memories ALTER COLUMN at TYPE timestamptz;\n`);
  expect(paris).toMatchObject({ severity: 'warning', verified: true });
});

it('says "May" if the old type is not known', async () => {
  const findings = await findingsIn(
    'ALTER TABLE orders ALTER COLUMN total TYPE bigint;\nALTER TABLE orders ALTER COLUMN note TYPE text;\n',
    { loose: true, shadow: false },
  );
  expect(findings.map(({ severity, verified }) => [severity, verified])).toEqual([
    ['warning', false],
    ['info', false],
  ]);
  expect(findings[0]?.message).toBe('May block reads and writes of orders while every row is rewritten');
});

it('quotes the type as SQL requires', async () => {
  const fixture = {
    '0001_item.up.sql': `CREATE TYPE "itemState" AS ENUM ('on');\nCREATE TABLE item (id int PRIMARY KEY, state text);\n`,
    '0002_type.up.sql': `ALTER TABLE item ALTER COLUMN state TYPE "itemState" USING state::"itemState";\n`,
  };
  const [finding] = await alone.findingsIn(fixture, { shadow: false });
  expect(finding?.advice).toContain('ALTER TABLE item ADD COLUMN state_new "itemState";');
});

it('names the indexes that are rebuilt if the table is not rewritten', async () => {
  const base = `CREATE TABLE item (id int PRIMARY KEY, note varchar, at timestamp);
CREATE INDEX item_note ON item (lower(note));
CREATE INDEX item_at ON item (at);
INSERT INTO item VALUES (1, 'a', '2026-01-01');`;
  const messageOf = async (sql: string) => {
    const [finding] = await sqlCheck(check, base).findingsIn(sql);
    return `${finding?.details} ${finding?.advice}`;
  };
  const text = await messageOf('ALTER TABLE item ALTER COLUMN note TYPE text;');
  expect(text).toContain(
    'The values of item.note do not change, but the index item_note is rebuilt. If the table is large, drop the index',
  );
  expect(text).not.toContain('stored differently');
  expect(await messageOf('ALTER TABLE item ALTER COLUMN at TYPE timestamptz;')).toContain('With a TimeZone other than UTC, the rows are');
});

it('ignores USING with the column itself', async () => {
  for (const using of ['id', '(id)', 'memories.id', '"id"']) {
    const script = `ALTER TABLE memories ALTER COLUMN id TYPE bigint USING ${using};\n`;
    expect((await findingsIn(script))[0]?.details).toContain('integer and bigint are stored differently');
  }
});

it('names the types if the expression is a chain of casts', async () => {
  const of = async (sql: string) => (await findingsIn(sql))[0]?.details;
  expect(await of('ALTER TABLE memories ALTER COLUMN price TYPE bigint USING price::text::numeric::bigint;')).toContain(
    'numeric(10, 2) and bigint are stored',
  );
  expect(await of('ALTER TABLE memories ALTER COLUMN price TYPE bigint USING round(price);')).toContain(
    'computes and stores the expression',
  );
});

it('does not say that two text types are stored differently', async () => {
  const [finding] = await alone.findingsIn({
    '0001_base.up.sql': 'CREATE TABLE item (id bigint PRIMARY KEY, note text);',
    '0002_type.up.sql': 'ALTER TABLE item ALTER COLUMN note TYPE varchar(20);',
  });
  expect(finding?.details).toContain('The server rewrites every row to convert its value to varchar(20).');
});
