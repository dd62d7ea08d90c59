import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './required-column-without-default';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = { '0001_base.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);' };

it('marks NOT NULL and leaves it out by a fix', async () => {
  const fixture = {
    ...base,
    '0002_add.up.sql': `ALTER TABLE memories ADD COLUMN weight real NOT NULL;
--                                          ^^^^^^^^ required-column-without-default
`,
  };
  const [finding] = await expectMarkers(fixture, check, { shadow });
  expect(finding).toMatchObject({ severity: 'error', verified: true, hazards: ['P44'] });
  expect(finding?.message).toBe('Fails if memories has rows: weight is NOT NULL without a default');
  expect(finding?.advice).toMatch(/^Give the column a default, or add it without NOT NULL/);
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_add.up.sql']).toContain('ADD COLUMN weight real;');
  expect(await findingsIn(fixed, [check], { shadow })).toEqual([]);
});

it('says how many rows there are where that is known', async () => {
  const fixture = { ...base, '0002_add.up.sql': 'ALTER TABLE memories ADD COLUMN weight real NOT NULL DEFAULT NULL;' };
  const of = async (rows: number) => (await findingsIn(fixture, [check], { shadow, sizes: { 'public.memories': rows } }))[0];
  expect((await of(1200))?.details).toBe('memories has 1,200 rows.');
  expect((await of(0))?.severity).toBe('info');
});

it('marks only the column that is required', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_add.up.sql': `ALTER TABLE memories ADD COLUMN note jsonb, ADD COLUMN weight real NOT NULL, ADD COLUMN mood text;
--                                                                 ^^^^^^^^ required-column-without-default
`,
    },
    check,
    { shadow },
  );
});

it.each(['DELETE FROM memories;', 'TRUNCATE kinds, memories;'])('is silent after %s', async (emptying) => {
  const fixture = {
    '0001_base.up.sql': `${base['0001_base.up.sql']} CREATE TABLE kinds (id int);`,
    '0002_add.up.sql': `${emptying}\nALTER TABLE memories ADD COLUMN weight real NOT NULL;`,
  };
  expect(await findingsIn(fixture, [check], { shadow })).toEqual([]);
  expect(await findingsIn(fixture, [check])).toEqual([]);
  const some = { ...fixture, '0002_add.up.sql': fixture['0002_add.up.sql'].replace(emptying, "DELETE FROM memories WHERE kind = 'a';") };
  expect(await findingsIn(some, [check], { shadow })).toHaveLength(1);
});

it('is silent where rows get a value and where the table is new', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_add.up.sql': `ALTER TABLE memories ADD COLUMN a int NOT NULL DEFAULT 0;
ALTER TABLE memories ADD COLUMN b bigserial NOT NULL;
ALTER TABLE memories ADD COLUMN c int NOT NULL GENERATED ALWAYS AS IDENTITY;
ALTER TABLE memories ADD COLUMN d int NOT NULL GENERATED ALWAYS AS (1) STORED;
ALTER TABLE memories ADD COLUMN e int NULL;
CREATE TABLE fresh (id int);
ALTER TABLE fresh ADD COLUMN f int NOT NULL;`,
    },
    check,
    { shadow },
  );
});

it('finds a type that takes no NULL by the rows alone, and judges by the syntax without a database', async () => {
  const domain = { '0001_base.up.sql': `${base['0001_base.up.sql']} CREATE DOMAIN amount AS int NOT NULL;` };
  const fixture = { ...domain, '0002_add.up.sql': 'ALTER TABLE memories ADD COLUMN weight amount;' };
  expect(await findingsIn(fixture, [check], { shadow })).toMatchObject([{ verified: true, fixes: [] }]);
  const plain = { ...base, '0002_add.up.sql': 'ALTER TABLE memories ADD COLUMN weight int NOT NULL;' };
  expect(await findingsIn(plain, [check])).toMatchObject([{ verified: false }]);
});
