import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './destructive-change';
import { expectMarkers, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = { '0001_base.up.sql': 'CREATE TABLE t (id int, a int, b int);\nCREATE INDEX t_ab ON t (a, b);' };

it('marks the dropped column and names the index that goes with it', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_drop.up.sql': `ALTER TABLE t DROP COLUMN a;
--                        ^ destructive-change
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toContain('Column t.a goes for good');
  expect(finding?.message).toContain('index public.t_ab');
});

it('reports dropped tables, truncation and deletion of everything', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_drop.up.sql': `DELETE FROM t;
--^^^^^^^^^^^ destructive-change
TRUNCATE t;
--^^^^^^^^ destructive-change
DROP TABLE t;
--^^^^^^^^^^ destructive-change
`,
    },
    check,
    { shadow },
  );
});

it('is silent on tables of the same release and on a filtered delete', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_scratch.up.sql': 'CREATE TABLE scratch (id int);\nDELETE FROM t WHERE id = 1;\nDROP TABLE scratch;\n',
    },
    check,
    { shadow },
  );
});
