import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './routine-uses-unknown';
import { expectMarkers, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = { '0001_base.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);' };

it('reports a statement that does harm', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `DROP TABLE memories;
--^^^^^^^^^^^^^^^^^ routine-uses-unknown
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toMatch(/memories/);
});

it('leaves a harmless statement alone', async () => {
  await expectMarkers({ ...base, '0002_change.up.sql': 'ALTER TABLE memories ADD COLUMN note text;' }, check, { shadow });
});
