import { expect, it } from 'vitest';
import { check } from './drop-refused-by-dependents';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE owners (id int PRIMARY KEY);
CREATE TABLE pets (id int, name text, owner_id int CONSTRAINT pets_owner REFERENCES owners);
CREATE VIEW pet_names AS SELECT name FROM pets;
CREATE TYPE mood AS ENUM ('good');
CREATE TABLE days (mood mood);`;
const { reports, silentOn } = sqlCheck(check, base);

it('marks the column that a view needs and shows where the view comes from', async () => {
  const [finding] = await reports(`ALTER TABLE pets DROP COLUMN name;
--                           ^^^^ drop-refused-by-dependents
`);
  expect(finding).toMatchObject({ severity: 'error', verified: true, hazards: ['P46'] });
  expect(finding).toMatchObject({
    message: 'Fails: view pet_names depends on column name of table pets',
    details: 'CASCADE would drop it without a notice in the script (2BP01).',
    advice: 'Drop view pet_names first, and create it again without the dropped object.',
  });
  expect(base.slice(finding?.related[0]?.range.start)).toMatch(/^CREATE VIEW pet_names/);
});

it('tells which constraints to drop before a table, and names columns that need a type', async () => {
  const findings = await reports(`DROP TABLE owners;
--         ^^^^^^ drop-refused-by-dependents
DROP TYPE mood;
--        ^^^^ drop-refused-by-dependents
`);
  expect(findings[0]?.advice).toBe('Drop it first: ALTER TABLE pets DROP CONSTRAINT pets_owner;');
  expect(findings[1]?.message).toContain('column mood of table days depends on type mood');
});

it('is silent where nothing depends on it', () => silentOn('DROP VIEW pet_names;\nALTER TABLE pets DROP COLUMN name;'));
