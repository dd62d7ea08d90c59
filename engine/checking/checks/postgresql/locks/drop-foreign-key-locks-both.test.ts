import { expect, it } from 'vitest';
import { check } from './drop-foreign-key-locks-both';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE owners (id int PRIMARY KEY);
CREATE TABLE memories (id int PRIMARY KEY, owner int REFERENCES owners, weight int CONSTRAINT heavy CHECK (weight > 0));`;
const { findingsIn, reports, silentOn } = sqlCheck(check, base);

it('names the referenced table', async () => {
  const [finding] = await reports(`ALTER TABLE memories DROP CONSTRAINT memories_owner_fkey;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ drop-foreign-key-locks-both
`);
  expect(finding).toMatchObject({ verified: true, severity: 'info', hazards: ['P28'] });
  expect(finding?.message).toBe('Also queues reads and writes of owners: DROP CONSTRAINT locks the referenced table');
  expect(finding?.advice).toBe("Drop each foreign key in a transaction of its own, with a lock timeout: SET LOCAL lock_timeout = '2s';");
  expect(finding?.related[0]?.message).toBe('Adds the foreign key memories_owner_fkey.');
});

it('reports a dropped column that has a foreign key', async () => {
  const findings = await findingsIn('ALTER TABLE memories DROP COLUMN owner;\n');
  expect(findings.map(({ message }) => message)).toEqual([
    'Also queues reads and writes of owners: DROP COLUMN locks the referenced table',
  ]);
});

it('is silent on other constraints, with a lock_timeout, and where the other table is new', () =>
  silentOn(`ALTER TABLE memories DROP CONSTRAINT heavy;
CREATE TABLE fresh (id int PRIMARY KEY, parent int REFERENCES fresh);
ALTER TABLE fresh DROP CONSTRAINT fresh_parent_fkey;
SET LOCAL lock_timeout = '1s';
ALTER TABLE memories DROP CONSTRAINT memories_owner_fkey;
`));
