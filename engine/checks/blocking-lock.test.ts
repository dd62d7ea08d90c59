import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './blocking-lock';
import { expectMarkers, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE owners (id bigint PRIMARY KEY);
CREATE TABLE memories (id bigint PRIMARY KEY, owner bigint, kind varchar(20), weight int);
INSERT INTO owners VALUES (1);
INSERT INTO memories VALUES (1, 1, 'joke', 7);`,
};

it('reports an index build on an existing table and names the lock', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_index.up.sql': `CREATE INDEX memories_kind ON memories (kind);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ blocking-lock
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ verified: true, severity: 'warning' });
  expect(finding?.message).toMatch(
    /^Writes of memories wait while the whole table is read \(SHARE lock\)\. Build it with CREATE INDEX CONCURRENTLY/,
  );
});

it('reports both tables of a validated foreign key and offers NOT VALID', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_key.up.sql': `ALTER TABLE memories ADD FOREIGN KEY (owner) REFERENCES owners;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ blocking-lock
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ blocking-lock
`,
    },
    check,
    { shadow },
  );
  expect(findings.map(({ message }) => message.split(' wait')[0])).toEqual(['Writes of memories', 'Writes of owners']);
  expect(findings[0]?.fixes[0]?.edits[0]?.newText).toBe(' NOT VALID');
});

it('reports a rewrite', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_type.up.sql': `ALTER TABLE memories ALTER COLUMN weight TYPE bigint;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ blocking-lock
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toMatch(/^Reads and writes of memories wait while every row is rewritten \(ACCESS EXCLUSIVE lock\)/);
});

it('is silent on changes that only touch the catalog', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_quick.up.sql': `ALTER TABLE memories ADD COLUMN note text;
ALTER TABLE memories ADD COLUMN made timestamptz DEFAULT now();
ALTER TABLE memories ALTER COLUMN kind TYPE varchar(40);
ALTER TABLE memories ALTER COLUMN kind TYPE text;
ALTER TABLE memories ADD CONSTRAINT positive CHECK (weight > 0) NOT VALID;
`,
    },
    check,
    { shadow },
  );
});

it('is silent on tables that are born in the same release', async () => {
  await expectMarkers(
    {
      'upgrade.yaml': 'manifest: 1\nsystem: mem8\nreleases:\n  - version: 1.0.0\n    migrations: [0001_base, 0002_index]\n',
      ...base,
      '0002_index.up.sql': 'CREATE INDEX memories_kind ON memories (kind);\n',
    },
    check,
    { shadow },
  );
});

it('judges loose files by the syntax and says so', async () => {
  const [finding] = await expectMarkers(
    {
      'change.sql': `CREATE TABLE fresh (id int);
CREATE INDEX fresh_id ON fresh (id);
CREATE INDEX memories_kind ON memories (kind);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ blocking-lock
`,
    },
    check,
    { shadow, loose: true },
  );
  expect(finding?.verified).toBe(false);
  expect(finding?.message).toContain('judged by the syntax alone');
});

it('reports a backfill under a lock that an earlier statement of the transaction took', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_fill.up.sql': `BEGIN;
ALTER TABLE memories ADD COLUMN note text;
UPDATE memories SET note = kind;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ blocking-lock
COMMIT;
UPDATE memories SET note = kind;
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toMatch(/^Reads and writes of memories wait while the whole table is read/);
  expect(finding?.related[0]?.message).toContain('kept until the transaction ends');
});

it('sees the lock of a statement whose table is locked more strongly already', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_both.up.sql': `ALTER TABLE memories ADD COLUMN note text;
ALTER TABLE memories ADD FOREIGN KEY (owner) REFERENCES owners;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ blocking-lock
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ blocking-lock
`,
    },
    check,
    { shadow },
  );
});
