import { expect, it } from 'vitest';
import { check } from './rename';
import { orders } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, orders);

it('reports a renamed column', async () => {
  const [finding] = await reports({
    '0002_change.up.sql': `ALTER TABLE orders RENAME COLUMN note TO remark;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ rename
`,
  });
  expect(finding?.message).toBe('Releases that still use column orders.note fail: it is renamed to remark');
  expect(finding?.advice).toBe('Add a column with the new name, keep both filled, and drop the old one when no release uses it.');
  expect(finding).toMatchObject({ verified: true, severity: 'warning' });
});

it('reports a renamed value of an enum type', async () => {
  const [finding] = await reports({
    '0002_change.up.sql': `ALTER TYPE mood RENAME VALUE 'ok' TO 'good';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ rename
`,
  });
  expect(finding?.message).toBe("Releases that still use enum value 'ok' fail: it is renamed to 'good'");
  expect(finding).toMatchObject({ hazards: ['P64', 'P73'] });
});

it('creates a view with the old name by a fix', async () => {
  const fixture = {
    '0002_change.up.sql': `ALTER TABLE orders RENAME TO sales;
`,
  };
  const [finding] = await findingsIn(fixture);
  expect(finding?.fixes[0]?.title).toBe('Create a view with the old name');
  const fixed = await afterFix(fixture);
  expect(fixed['0002_change.up.sql']).toContain('CREATE VIEW orders AS SELECT * FROM sales');
});

it('is silent where a view or column keeps the old name, on indexes and on new tables', () =>
  silentOn({
    '0002_change.up.sql': `ALTER TABLE orders RENAME TO sales;
CREATE VIEW orders AS SELECT * FROM sales;
ALTER INDEX lines_pkey RENAME TO lines_key;
CREATE TABLE scratch (a int);
ALTER TABLE scratch RENAME a TO b;
ALTER TABLE scratch RENAME TO kept;
`,
  }));

it('is silent when no earlier release runs beside a newer one', () =>
  silentOn({
    'upgrade.yaml': `manifest: 1
system: mem8
window: 0
releases:
  - version: 1.0.0
    migrations: [0001_base]
  - version: 2.0.0
    migrations: [0002_change]

`,
    '0002_change.up.sql': `ALTER TABLE orders RENAME COLUMN note TO remark;
`,
  }));

it('is silent on a table that the same DO block creates', async () => {
  const base = { '0001_item.up.sql': 'CREATE TABLE item (id int);' };
  const swap = (before: string) => ({
    ...base,
    '0002_swap.up.sql': `DO $$ BEGIN ${before} DROP TABLE item; ALTER TABLE item_new RENAME TO item; END $$;`,
  });
  await silentOn(swap('CREATE TABLE item_new (id bigint);'));
  const made = { ...base, '0001_item.up.sql': 'CREATE TABLE item (id int); CREATE TABLE item_new (id bigint);' };
  expect(await findingsIn({ ...swap(''), ...made })).toHaveLength(1);
});
