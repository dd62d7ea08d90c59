import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './collation-change';
import { expectMarkers, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE memories (id int PRIMARY KEY, kind varchar(20), note text);
CREATE INDEX memories_kind ON memories (kind);
INSERT INTO memories VALUES (1, 'joke', 'n');`,
};

it('reports indexes that are built anew and names them', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_collation.up.sql': `ALTER TABLE memories ALTER COLUMN kind TYPE varchar(20) COLLATE "C";
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ collation-change
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P20'] });
  expect(finding?.message).toMatch(/^Reads and writes of memories wait while the whole table is read \(ACCESS EXCLUSIVE lock\)/);
  expect(finding?.message).toContain('(memories_kind) are built anew');
});

it('only tells of the new order where no index is at stake', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_collation.up.sql': `ALTER TABLE memories ALTER COLUMN note TYPE text COLLATE "C";
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ collation-change
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ verified: true, severity: 'info' });
});

it('is silent where the collation stays, and on new tables', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_collation.up.sql': `ALTER TABLE memories ALTER COLUMN note TYPE text COLLATE "default";
ALTER TABLE memories ALTER COLUMN kind TYPE text;
CREATE TABLE fresh (kind text);
ALTER TABLE fresh ALTER COLUMN kind TYPE text COLLATE "C";
`,
    },
    check,
    { shadow },
  );
});
