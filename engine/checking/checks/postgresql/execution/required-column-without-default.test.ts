import { expect, it } from 'vitest';
import { check } from './required-column-without-default';
import { sqlCheck } from '../../testing/sql-check';

const base = 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);';
const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, base);

it('marks NOT NULL and leaves it out by a fix', async () => {
  const script = `ALTER TABLE memories ADD COLUMN weight real NOT NULL;
--                                          ^^^^^^^^ required-column-without-default
`;
  const [finding] = await reports(script);
  expect(finding).toMatchObject({ severity: 'error', verified: true, hazards: ['P44'] });
  expect(finding?.message).toBe('Fails if memories has rows: weight is NOT NULL without a default');
  expect(finding?.advice).toMatch(/^Give the column a default, or add it without NOT NULL/);
  expect(await afterFix(script)).toContain('ADD COLUMN weight real;');
});

it('says how many rows there are where that is known', async () => {
  const script = 'ALTER TABLE memories ADD COLUMN weight real NOT NULL DEFAULT NULL;';
  const of = async (rows: number) => (await findingsIn(script, { sizes: { 'public.memories': rows } }))[0];
  expect((await of(1200))?.details).toBe('memories has 1,200 rows.');
  expect((await of(0))?.severity).toBe('info');
});

it('marks only the column that is required', () =>
  reports(`ALTER TABLE memories ADD COLUMN note jsonb, ADD COLUMN weight real NOT NULL, ADD COLUMN mood text;
--                                                                 ^^^^^^^^ required-column-without-default
`));

it.each(['DELETE FROM memories;', 'TRUNCATE kinds, memories;'])('is silent after %s', async (emptying) => {
  const fixture = {
    '0001_base.up.sql': `${base} CREATE TABLE kinds (id int);`,
    '0002_add.up.sql': `${emptying}\nALTER TABLE memories ADD COLUMN weight real NOT NULL;`,
  };
  await silentOn(fixture);
  await silentOn(fixture, { shadow: false });
  const some = { ...fixture, '0002_add.up.sql': fixture['0002_add.up.sql'].replace(emptying, "DELETE FROM memories WHERE kind = 'a';") };
  expect(await findingsIn(some)).toHaveLength(1);
});

it('is silent where rows get a value and where the table is new', () =>
  silentOn(`ALTER TABLE memories ADD COLUMN a int NOT NULL DEFAULT 0;
ALTER TABLE memories ADD COLUMN b bigserial NOT NULL;
ALTER TABLE memories ADD COLUMN c int NOT NULL GENERATED ALWAYS AS IDENTITY;
ALTER TABLE memories ADD COLUMN d int NOT NULL GENERATED ALWAYS AS (1) STORED;
ALTER TABLE memories ADD COLUMN e int NULL;
CREATE TABLE fresh (id int);
ALTER TABLE fresh ADD COLUMN f int NOT NULL;`));

it('finds a type that takes no NULL by the rows alone, and judges by the syntax without a database', async () => {
  const domain = { '0001_base.up.sql': `${base} CREATE DOMAIN amount AS int NOT NULL;` };
  const fixture = { ...domain, '0002_add.up.sql': 'ALTER TABLE memories ADD COLUMN weight amount;' };
  expect(await findingsIn(fixture)).toMatchObject([{ verified: true, fixes: [] }]);
  const plain = 'ALTER TABLE memories ADD COLUMN weight int NOT NULL;';
  expect(await findingsIn(plain, { shadow: false })).toMatchObject([{ verified: false }]);
});
