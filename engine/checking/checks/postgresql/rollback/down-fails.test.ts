import { expect, it } from 'vitest';
import { check } from './down-fails';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, '', { rehearse: true });

it('marks the statement of the down script that fails', async () => {
  const [finding] = await reports({
    '0001_a.up.sql': 'CREATE TABLE t (id int);',
    '0001_a.down.sql': `DROP TABLE t;
DROP TYPE never_made;
--^^^^^^^^^^^^^^^^^^ down-fails
`,
  });
  expect(finding?.message).toContain('type "never_made" does not exist');
});

it('is silent on a down script that runs', () =>
  silentOn({ '0001_a.up.sql': 'CREATE TABLE t (id int);', '0001_a.down.sql': 'DROP TABLE t;' }));
