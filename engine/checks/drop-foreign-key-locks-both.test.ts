import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './drop-foreign-key-locks-both';
import { expectMarkers, findingsIn, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE owners (id int PRIMARY KEY);
CREATE TABLE memories (id int PRIMARY KEY, owner int REFERENCES owners, weight int CONSTRAINT heavy CHECK (weight > 0));`,
};

it('names the table at the other end', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_drop.up.sql': `ALTER TABLE memories DROP CONSTRAINT memories_owner_fkey;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ drop-foreign-key-locks-both
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ verified: true, severity: 'info', hazards: ['P28'] });
  expect(finding?.message).toMatch(/^Not only memories is locked, but also owners, which the foreign key refers to\./);
  expect(finding?.related[0]?.message).toBe('The foreign key memories_owner_fkey is added here.');
});

it('reports a column that takes its foreign key along', async () => {
  expect(await findingsIn({ ...base, '0002_drop.up.sql': 'ALTER TABLE memories DROP COLUMN owner;\n' }, [check], { shadow })).toHaveLength(
    1,
  );
});

it('is silent on other constraints, with a lock_timeout, and where the other table is new', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_drop.up.sql': `ALTER TABLE memories DROP CONSTRAINT heavy;
CREATE TABLE fresh (id int PRIMARY KEY, parent int REFERENCES fresh);
ALTER TABLE fresh DROP CONSTRAINT fresh_parent_fkey;
SET LOCAL lock_timeout = '1s';
ALTER TABLE memories DROP CONSTRAINT memories_owner_fkey;
`,
    },
    check,
    { shadow },
  );
});
