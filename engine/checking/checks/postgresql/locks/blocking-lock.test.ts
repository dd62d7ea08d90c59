import { expect, it } from 'vitest';
import { check } from './blocking-lock';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE owners (id bigint PRIMARY KEY);
CREATE TABLE memories (id bigint PRIMARY KEY, owner bigint, kind varchar(20), weight int);
INSERT INTO owners VALUES (1);
INSERT INTO memories VALUES (1, 1, 'joke', 7);`;
const { findingsIn, reports, silentOn } = sqlCheck(check, base);

it('reports work that no other check covers and names the statement with the lock', async () => {
  const [finding] = await reports(`LOCK TABLE memories IN EXCLUSIVE MODE;
CREATE TABLE copy AS SELECT * FROM memories;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ blocking-lock
`);
  expect(finding).toMatchObject({ verified: true, severity: 'warning' });
  expect(finding?.message).toBe('Blocks writes to memories: CREATE TABLE scans the table under the lock of LOCK TABLE');
  expect(finding?.advice).toBe('Move this statement to a migration of its own, so that it runs without the lock.');
});

it('is silent on changes that only touch the catalog', () =>
  silentOn(`ALTER TABLE memories ADD COLUMN note text;
ALTER TABLE memories ADD COLUMN made timestamptz DEFAULT now();
ALTER TABLE memories ALTER COLUMN kind TYPE varchar(40);
ALTER TABLE memories ALTER COLUMN kind TYPE text;
ALTER TABLE memories ADD CONSTRAINT positive CHECK (weight > 0) NOT VALID;
`));

it('reports a query under a lock that an earlier statement of the transaction took, and leaves backfills to their own check', async () => {
  const [finding] = await reports(`BEGIN;
ALTER TABLE memories ADD COLUMN note text;
UPDATE memories SET note = kind;
SELECT count(*) FROM memories;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^ blocking-lock
COMMIT;
UPDATE memories SET note = kind;
`);
  expect(finding?.message).toBe('Blocks reads and writes of memories: SELECT scans the table under the lock of ADD COLUMN');
  expect(finding?.related[0]?.message).toBe('Takes the lock, which the transaction holds until it ends.');
});

it('leaves the work of a statement inside a block to the check of that statement', async () => {
  const index = 'CREATE INDEX memories_kind ON memories (kind);';
  const block = (sql: string) => `DO $$ BEGIN ${sql} END $$;`;
  await silentOn(block(index));
  const findings = await findingsIn(block(`${index} LOCK TABLE owners; PERFORM count(*) FROM owners;`));
  expect(findings).toMatchObject([
    {
      message: 'Blocks reads and writes of owners: DO scans the table (ACCESS EXCLUSIVE)',
      advice: 'Split the statement, so that the scan or rewrite runs in a transaction that does not hold the lock.',
    },
  ]);
});

it('does not count the lock of a concurrent refresh: nothing else writes a materialized view', () =>
  sqlCheck(check).silentOn({
    '0001_base.up.sql': `CREATE TABLE item (id bigint PRIMARY KEY, size int);
CREATE MATERIALIZED VIEW item_sizes AS SELECT id, size FROM item;
CREATE UNIQUE INDEX item_sizes_id ON item_sizes (id);
CREATE FUNCTION renew() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN REFRESH MATERIALIZED VIEW CONCURRENTLY item_sizes; RETURN NULL; END $$;
CREATE TRIGGER item_renew AFTER DELETE ON item FOR EACH STATEMENT EXECUTE FUNCTION renew();`,
    '0002_delete.up.sql': 'DELETE FROM item WHERE size > 5;',
  }));
