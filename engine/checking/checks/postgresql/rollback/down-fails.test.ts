import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './down-fails';
import { expectMarkers, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

it('marks the statement of the down script that fails', async () => {
  const [finding] = await expectMarkers(
    {
      '0001_a.up.sql': 'CREATE TABLE t (id int);',
      '0001_a.down.sql': `DROP TABLE t;
DROP TYPE never_made;
--^^^^^^^^^^^^^^^^^^ down-fails
`,
    },
    check,
    { shadow, rehearse: true },
  );
  expect(finding?.message).toContain('type "never_made" does not exist');
});

it('is silent on a down script that runs', async () => {
  await expectMarkers({ '0001_a.up.sql': 'CREATE TABLE t (id int);', '0001_a.down.sql': 'DROP TABLE t;' }, check, {
    shadow,
    rehearse: true,
  });
});
