import { expect, it } from 'vitest';
import { check } from './cascade-drops';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE owners (id serial PRIMARY KEY, name text CHECK (name <> ''));
CREATE TABLE pets (id int, owner_id int CONSTRAINT pets_owner REFERENCES owners);
CREATE VIEW owner_names AS SELECT name FROM owners;
CREATE TABLE alone (id serial PRIMARY KEY, a int UNIQUE);`;
const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, base);

it('names what goes along', async () => {
  const findings = await reports(`ALTER TABLE owners DROP COLUMN name CASCADE;
--                                  ^^^^^^^ cascade-drops
DROP TABLE owners CASCADE;
--                ^^^^^^^ cascade-drops
`);
  expect(findings[0]).toMatchObject({ severity: 'warning', verified: true, hazards: ['P46'], fixes: [] });
  expect(findings[0]?.message).toBe('CASCADE also drops view owner_names');
  expect(findings[1]?.message).toBe('CASCADE also drops constraint pets.pets_owner');
});

it('removes CASCADE by a fix where nothing else goes', async () => {
  const script = 'DROP TABLE IF EXISTS alone CASCADE;\n';
  const [finding] = await findingsIn(script);
  expect(finding?.severity).toBe('hint');
  expect(await afterFix(script)).toBe('DROP TABLE IF EXISTS alone;\n');
});

it('is silent on tables that are born in the same migration and without CASCADE', () =>
  silentOn(`CREATE TABLE scratch (id int);
DROP TABLE scratch CASCADE;
DROP VIEW owner_names;
DROP TABLE pets RESTRICT;`));
