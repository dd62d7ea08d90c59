import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './assumed-schema';
import { expectMarkers, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

it('names the assumed columns of the tables of a loose file, where they are first needed', async () => {
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
  expect(findings[0]?.message).toBe('No known migration creates orders: its columns are guessed');
  expect(findings[0]?.details).toMatch(/^It is assumed to have the columns (.*, )?total numeric, placed_at timestamptz\.$/);
  expect(findings[0]?.advice).toBe('Declare a baseline to replace the guess.');
  expect(findings[1]?.message).toBe('No known migration creates billing.lines: its columns are guessed');
  expect(findings[1]?.details).toMatch(/ order_id bigint\.$/);
});

it('reports a history that starts with a table of another history', async () => {
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

it('is silent on what the script creates, and on a history that starts empty', async () => {
  await expectMarkers({ 'new.sql': 'CREATE TABLE a (id int);\nALTER TABLE a ADD COLUMN b int;\n' }, check, { shadow, loose: true });
  await expectMarkers({ '0001_a.up.sql': 'CREATE TABLE a (id int);', '0002_b.up.sql': 'ALTER TABLE elsewhere ADD b int;' }, check, {
    shadow,
  });
});

it('reports once which extension no script creates, and assumes that it exists', async () => {
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
  expect(findings[0]).toMatchObject({
    severity: 'info',
    message: 'No script creates the extension pg_trgm, which this script needs',
    details: 'The checks assume that the extension exists.',
    advice: 'Add CREATE EXTENSION IF NOT EXISTS pg_trgm; to an earlier script, or create it in the database by hand.',
  });
});

it('is silent on an extension that a later script creates', async () => {
  await expectMarkers(
    {
      '0001_a.up.sql': 'CREATE TABLE item (name text); CREATE INDEX item_name ON item USING gin (name gin_trgm_ops);',
      '0002_b.up.sql': 'CREATE EXTENSION pg_trgm;',
    },
    check,
    { shadow },
  );
});
