import { expect, it } from 'vitest';
import { check } from './foreign-key-validates';
import { check as statementFails } from '../execution/statement-fails';
import { memories } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, memories);

it('reports that writes to both tables are blocked', async () => {
  const [finding] = await reports(`ALTER TABLE memories ADD FOREIGN KEY (owner) REFERENCES owners;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ foreign-key-validates
`);
  expect(finding).toMatchObject({ verified: true, hazards: ['P8'] });
  expect(finding?.message).toBe('Blocks writes to memories and owners: ADD CONSTRAINT scans them (SHARE ROW EXCLUSIVE)');
  expect(finding?.advice).toBe(
    'Add the foreign key NOT VALID, which skips the scan, and validate it in a later migration: ALTER TABLE memories VALIDATE CONSTRAINT memories_owner_fkey;',
  );
});

it('adds the foreign key NOT VALID by a fix, behind its own options and before the next command', async () => {
  const sql = `ALTER TABLE memories
  ADD CONSTRAINT of_owner FOREIGN KEY (owner) REFERENCES owners (id) ON DELETE SET NULL -- keep them
  , ADD COLUMN note text DEFAULT concat('a', ',', 'b');
`;
  expect(await afterFix(sql, { also: [statementFails] })).toContain('ON DELETE SET NULL NOT VALID -- keep them');
});

it('reports REFERENCES on a new column only where a default gives the rows something to check', async () => {
  await silentOn('ALTER TABLE memories ADD COLUMN heir bigint REFERENCES owners;');
  const sql = 'ALTER TABLE memories ADD COLUMN heir bigint DEFAULT 1 REFERENCES owners;';
  const [finding] = await findingsIn(sql);
  expect(finding?.message).toBe('Blocks reads and writes of memories: ADD COLUMN scans the table (ACCESS EXCLUSIVE)');
  expect(finding?.details).toBe('Blocks writes to owners: ADD COLUMN scans the table (SHARE ROW EXCLUSIVE).');
  expect(finding?.advice).toMatch(/^Add the column without REFERENCES and the foreign key separately\. Add the foreign key NOT VALID/);
  const judged = await findingsIn('ALTER TABLE memories ADD COLUMN heir bigint REFERENCES owners;', { loose: true, shadow: false });
  expect(judged).toEqual([]);
});

it('advises to add the key partition by partition where the oldest server refuses NOT VALID', async () => {
  const fixture = {
    '0002_events.up.sql': `CREATE TABLE events (owner bigint) PARTITION BY LIST (owner);
CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1);`,
    '0003_key.up.sql': 'ALTER TABLE events ADD FOREIGN KEY (owner) REFERENCES owners;',
  };
  const found = async (minimum: number) => (await findingsIn(fixture, { minimum }))[0];
  const [older, newer] = [await found(17), await found(18)];
  expect([older?.fixes.length, newer?.fixes.length]).toEqual([0, 1]);
  expect(older?.advice).toMatch(/^Add the foreign key to each partition first: ALTER TABLE events_1 ADD CONSTRAINT events_owner_fkey/);
  expect(newer?.advice).toMatch(/^Add the foreign key NOT VALID/);
});

it('is silent on tables that are new', () =>
  silentOn('CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (a int);\nALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a;\n'));

it('leaves a scan for a CHECK to the check of that, beside a new column that references another table', async () => {
  const { findingsIn, silentOn } = sqlCheck(
    check,
    'CREATE TABLE owner (id int PRIMARY KEY); CREATE TABLE item (id int PRIMARY KEY, n int);',
  );
  const change = 'ALTER TABLE item ADD COLUMN owner_id int REFERENCES owner, ADD CONSTRAINT c CHECK (n > 0);';
  await silentOn(change);
  const withDefault = change.replace('int REFERENCES', 'int DEFAULT 1 REFERENCES');
  expect(await findingsIn(withDefault)).toMatchObject([{ id: check.id }]);
});

it('is silent on a table that the script creates, until it is filled', async () => {
  const make = 'CREATE TABLE item (id bigint PRIMARY KEY, owner bigint);\nCREATE INDEX ON item (owner);\n';
  const key = 'ALTER TABLE item ADD FOREIGN KEY (owner) REFERENCES owners;\n';
  await silentOn(make + key);
  const fill = 'INSERT INTO item SELECT id, owner FROM memories;\n';
  const [finding] = await findingsIn(make + fill + key);
  expect(finding?.message).toBe('Blocks writes to owners: ADD CONSTRAINT scans the table (SHARE ROW EXCLUSIVE)');
});

it('is silent after a required column without a value, which only an empty table accepts', () =>
  reports({
    '0002_key.up.sql': `ALTER TABLE memories ADD COLUMN keeper bigint NOT NULL;
ALTER TABLE memories ADD FOREIGN KEY (keeper) REFERENCES owners;
`,
    '0003_key.up.sql': `ALTER TABLE memories ADD COLUMN twin bigint NOT NULL DEFAULT 1;
ALTER TABLE memories ADD FOREIGN KEY (twin) REFERENCES owners;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ foreign-key-validates
`,
    '0004_key.up.sql': `ALTER TABLE memories ADD COLUMN IF NOT EXISTS kind text NOT NULL;
ALTER TABLE memories ADD FOREIGN KEY (owner) REFERENCES owners;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ foreign-key-validates
`,
  }));

it('names the lock of each table where an earlier statement locked the referenced one', async () => {
  const [finding] = await findingsIn(
    'ALTER TABLE owners ADD COLUMN note text;\nALTER TABLE memories ADD CONSTRAINT memories_owner FOREIGN KEY (owner) REFERENCES owners;\n',
  );
  expect(finding).toMatchObject({
    message: 'Blocks reads and writes of owners: ADD CONSTRAINT scans it under the lock of ADD COLUMN',
    details: 'Blocks writes to memories: ADD CONSTRAINT scans the table (SHARE ROW EXCLUSIVE).',
  });
});
