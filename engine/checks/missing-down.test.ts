import { expect, it } from 'vitest';
import { check } from './missing-down';
import { expectMarkers } from './testing/sql-fixture';

it('reports a migration whose neighbours have down scripts', async () => {
  const [finding] = await expectMarkers(
    {
      '0001_a.up.sql': 'CREATE TABLE t (id int);',
      '0001_a.down.sql': 'DROP TABLE t;',
      '0002_b.up.sql': `ALTER TABLE t ADD COLUMN a int;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^ missing-down
`,
    },
    check,
  );
  expect(finding?.message).toContain('There is no way back from 0002_b');
});

it('accepts a reason in the manifest', async () => {
  await expectMarkers(
    {
      'upgrade.yaml':
        'manifest: 1\nsystem: mem8\nreleases:\n  - version: 1.0.0\n    migrations: [{ id: 0001_a, irreversible: rows are deleted }]\n',
      '0001_a.up.sql': 'CREATE TABLE t (id int);',
    },
    check,
  );
});

it('accepts a release that is left by restoring', async () => {
  await expectMarkers(
    {
      'upgrade.yaml': 'manifest: 1\nsystem: mem8\nreleases:\n  - version: 1.0.0\n    rollback: restore\n    migrations: [0001_a]\n',
      '0001_a.up.sql': 'CREATE TABLE t (id int);',
    },
    check,
  );
});
