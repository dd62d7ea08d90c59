import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './cascade-drops';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE owners (id serial PRIMARY KEY, name text CHECK (name <> ''));
CREATE TABLE pets (id int, owner_id int CONSTRAINT pets_owner REFERENCES owners);
CREATE VIEW owner_names AS SELECT name FROM owners;
CREATE TABLE alone (id serial PRIMARY KEY, a int UNIQUE);`,
};

it('names what goes along', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_drop.up.sql': `ALTER TABLE owners DROP COLUMN name CASCADE;
--                                  ^^^^^^^ cascade-drops
DROP TABLE owners CASCADE;
--                ^^^^^^^ cascade-drops
`,
    },
    check,
    { shadow },
  );
  expect(findings[0]).toMatchObject({ severity: 'warning', verified: true, hazards: ['P46'], fixes: [] });
  expect(findings[0]?.message).toBe('CASCADE also drops view owner_names');
  expect(findings[1]?.message).toBe('CASCADE also drops constraint pets.pets_owner');
});

it('removes CASCADE by a fix where nothing else goes', async () => {
  const fixture = { ...base, '0002_drop.up.sql': 'DROP TABLE IF EXISTS alone CASCADE;\n' };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  expect(finding?.severity).toBe('hint');
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_drop.up.sql']).toBe('DROP TABLE IF EXISTS alone;\n');
  expect(await findingsIn(fixed, [check], { shadow })).toEqual([]);
});

it('is silent on tables that are born in the same migration and without CASCADE', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_scratch.up.sql': `CREATE TABLE scratch (id int);
DROP TABLE scratch CASCADE;
DROP VIEW owner_names;
DROP TABLE pets RESTRICT;`,
    },
    check,
    { shadow },
  );
});
