import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './assumed-schema';
import { expectMarkers, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

it('says what the tables of a loose file were taken to be, where they are first needed', async () => {
  const findings = await expectMarkers(
    {
      'change.sql': `SET lock_timeout = '1s';
ALTER TABLE orders ADD COLUMN note text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ assumed-schema
UPDATE orders SET note = '' WHERE total > 5 AND placed_at < now();
DELETE FROM billing.lines WHERE order_id = 1;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ assumed-schema
`,
    },
    check,
    { shadow, loose: true },
  );
  expect(findings[0]?.message).toMatch(/^orders is not created by anything known here; .* total numeric, placed_at timestamptz\./);
  expect(findings[1]?.message).toMatch(/^billing\.lines .* order_id bigint\./);
});

it('says it of a history that begins with a table of another one', async () => {
  await expectMarkers(
    {
      '0041_a.up.sql': `ALTER TABLE orders ADD COLUMN note text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ assumed-schema
`,
      '0042_b.up.sql': 'ALTER TABLE orders DROP COLUMN total;',
    },
    check,
    { shadow },
  );
});

it('is silent on what the script makes, and on a history that begins with nothing', async () => {
  await expectMarkers({ 'new.sql': 'CREATE TABLE a (id int);\nALTER TABLE a ADD COLUMN b int;\n' }, check, { shadow, loose: true });
  await expectMarkers({ '0001_a.up.sql': 'CREATE TABLE a (id int);', '0002_b.up.sql': 'ALTER TABLE elsewhere ADD b int;' }, check, {
    shadow,
  });
});

it('says once which extension no script creates, and goes on as if it were there', async () => {
  const findings = await expectMarkers(
    {
      '0001_a.up.sql': `CREATE TABLE item (id int PRIMARY KEY, name text, code text);
CREATE INDEX item_name ON item USING gin (name gin_trgm_ops);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ assumed-schema
CREATE INDEX item_code ON item USING gin (code gin_trgm_ops);
`,
      '0002_b.up.sql': 'CREATE INDEX item_both ON item USING gin (name gin_trgm_ops, code gin_trgm_ops);',
    },
    check,
    { shadow },
  );
  expect(findings[0]).toMatchObject({ severity: 'info', message: expect.stringContaining('extension pg_trgm,') as string });
});

it('says nothing of an extension that a script creates, if too late', async () => {
  await expectMarkers(
    {
      '0001_a.up.sql': 'CREATE TABLE item (name text); CREATE INDEX item_name ON item USING gin (name gin_trgm_ops);',
      '0002_b.up.sql': 'CREATE EXTENSION pg_trgm;',
    },
    check,
    { shadow },
  );
});
