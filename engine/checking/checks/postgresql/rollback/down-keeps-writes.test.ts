import { expect, it } from 'vitest';
import { sqlCheck } from '../../testing/sql-check';
import { check } from './down-keeps-writes';
import { check as downIncomplete } from './down-incomplete';

const base = {
  '0001_base.up.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, status text, total int);',
  '0001_base.down.sql': 'DROP TABLE orders;',
};
const { findingsIn, reports, silentOn } = sqlCheck(check, base, { rehearse: true });

it('reports an update that the down script leaves', async () => {
  const [finding] = await reports({
    '0002_open.up.sql': "UPDATE orders SET status = 'open';",
    '0002_open.down.sql': `-- nothing to do
--^^^^^^^^^^^^^^ down-keeps-writes
`,
  });
  expect(finding).toMatchObject({
    severity: 'warning',
    message: 'Rolling back 0002_open leaves orders.status as the up script wrote it',
    details: 'The down script has no statements, so a rollback restores none of the rows that the up script updated.',
  });
  expect(finding?.related[0]?.file).toContain('0002_open.up.sql');
});

const severityOf = async (up: string, down: string) =>
  (await findingsIn({ '0002_a.up.sql': up, '0002_a.down.sql': down })).map(({ severity }) => severity);

it('warns where rows are overwritten or gone, and notes what is added', async () => {
  expect(await severityOf('DELETE FROM orders WHERE total = 0;', 'SELECT 1;')).toEqual(['warning']);
  expect(await severityOf('TRUNCATE orders;', 'BEGIN;\nCOMMIT;')).toEqual(['warning']);
  expect(await severityOf('DO $$ BEGIN UPDATE orders SET status = lower(status); END $$;', '')).toEqual(['warning']);
  expect(await severityOf('WITH w AS (UPDATE orders SET total = 1 RETURNING id) SELECT count(*) FROM w;', '-- none')).toEqual(['warning']);
  expect(await severityOf('INSERT INTO orders (id) VALUES (900001);', '-- none')).toEqual(['info']);
  expect(await severityOf('UPDATE orders SET total = 0 WHERE total IS NULL;', '-- none')).toEqual(['info']);
});

it('counts what several statements wrote', async () => {
  const [finding] = await findingsIn({
    '0002_a.up.sql': "UPDATE orders SET status = 'open', total = 1;\nDELETE FROM orders WHERE id = 1;",
    '0002_a.down.sql': '-- none',
  });
  expect(finding?.message).toBe('Rolling back 0002_a leaves orders.status and 2 more as the up script wrote them');
  expect(finding?.details).toContain('updated or deleted: orders.status, orders.total, orders.');
});

it('is silent about a down script with statements, and about an up script that writes no rows', () =>
  silentOn({
    '0002_a.up.sql': 'UPDATE orders SET total = 0 WHERE total IS NULL;\nALTER TABLE orders ALTER total SET NOT NULL;',
    '0002_a.down.sql': 'ALTER TABLE orders ALTER total DROP NOT NULL;',
    '0003_b.up.sql': 'SELECT 1;\nUPDATE orders SET total = total;',
    '0003_b.down.sql': '-- nothing to do',
    '0004_c.up.sql': `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE orders SET total = 1; RETURN NEW; END $$;`,
    '0004_c.down.sql': 'DROP FUNCTION touch();',
  }));

it('is silent about what the release itself adds, in whichever schema', () =>
  silentOn({
    'upgrade.yaml':
      'manifest: 1\nsystem: shop\nreleases:\n  - version: 1.0.0\n    migrations: [0001_base]\n  - version: 2.0.0\n    migrations: [0002_a, 0003_b]\n',
    '0002_a.up.sql':
      'ALTER TABLE orders ADD COLUMN note text;\nCREATE SCHEMA app;\nSET search_path = app;\nCREATE TABLE kind (id int PRIMARY KEY);',
    '0002_a.down.sql': 'DROP TABLE app.kind;\nDROP SCHEMA app;\nALTER TABLE orders DROP COLUMN note;',
    '0003_b.up.sql': "UPDATE orders SET note = 'none';\nINSERT INTO app.kind VALUES (1);",
    '0003_b.down.sql': '-- 0002_a drops them',
  }));

it('is silent about what the manifest declares irreversible', () =>
  silentOn({
    'upgrade.yaml':
      'manifest: 1\nsystem: shop\nreleases:\n  - version: 1.0.0\n    migrations: [0001_base, { id: 0002_a, irreversible: the words are gone }]\n',
    '0002_a.up.sql': "UPDATE orders SET status = 'open';",
    '0002_a.down.sql': '-- nothing to do',
  }));

it('leaves a schema that is not restored to down-incomplete', async () => {
  const findings = await findingsIn(
    { '0002_a.up.sql': "CREATE TABLE t (id int);\nUPDATE orders SET status = 'open';", '0002_a.down.sql': '-- nothing to do' },
    { also: [downIncomplete] },
  );
  expect(findings.map(({ id }) => id)).toEqual([downIncomplete.id]);
});
