import { expect, it } from 'vitest';
import { check } from './new-table-locks-referenced';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn } = sqlCheck(check, 'CREATE TABLE owners (id int PRIMARY KEY);');

it('reports the queue on the table that a new table references', async () => {
  const [finding] = await reports(`CREATE TABLE memories (id int PRIMARY KEY, owner int REFERENCES owners);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ new-table-locks-referenced
`);
  expect(finding).toMatchObject({ verified: true, severity: 'hint', hazards: ['P30'] });
  expect(finding?.message).toBe('Queues writes to owners while CREATE TABLE waits for SHARE ROW EXCLUSIVE');
  expect(finding?.details).toMatch(/^The new foreign key locks the referenced table\. The lock itself is brief/);
  expect(finding?.advice).toBe(
    "Set a lock timeout and retry: SET LOCAL lock_timeout = '2s'; Or create the table without the foreign key, and add it in a migration of its own.",
  );
});

it('is silent on tables of the same release, on tables that reference themselves, and with a lock_timeout', () =>
  silentOn(`CREATE TABLE parents (id int PRIMARY KEY, above int REFERENCES parents);
CREATE TABLE children (id int PRIMARY KEY, parent int, FOREIGN KEY (parent) REFERENCES parents);
SET LOCAL lock_timeout = '1s';
CREATE TABLE memories (id int PRIMARY KEY, owner int REFERENCES owners);
`));

it('judges by the syntax where nothing was observed', async () => {
  const [finding] = await findingsIn('CREATE TABLE a (owner int, FOREIGN KEY (owner) REFERENCES owners);\n', {
    loose: true,
    shadow: false,
  });
  expect(finding).toMatchObject({ verified: false, severity: 'hint' });
});

it('reports a foreign key that is added to a new table', async () => {
  const [finding] = await reports(`CREATE TABLE memories (id int PRIMARY KEY, owner int);
ALTER TABLE memories ADD FOREIGN KEY (owner) REFERENCES owners;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ new-table-locks-referenced
`);
  expect(finding?.message).toBe('Queues writes to owners while ADD CONSTRAINT waits for SHARE ROW EXCLUSIVE');
});
