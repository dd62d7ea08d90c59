import { expect, it } from 'vitest';
import { check } from './assumed-schema';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check);
const loose = sqlCheck(check, '', { loose: true });

it('names the assumed columns of the tables of a loose file, where they are first needed', async () => {
  const findings = await loose.reports(`SET lock_timeout = '1s';
ALTER TABLE orders ADD COLUMN note text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ assumed-schema
UPDATE orders SET note = '' WHERE total > 5 AND placed_at < now();
DELETE FROM billing.lines WHERE order_id = 1;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ assumed-schema
`);
  expect(findings[0]?.message).toBe('No known migration creates orders: its columns are guessed');
  expect(findings[0]?.details).toMatch(/^It is assumed to have the columns (.*, )?total numeric, placed_at timestamptz\.$/);
  expect(findings[0]?.advice).toBe('Declare a baseline to replace the guess.');
  expect(findings[1]?.message).toBe('No known migration creates billing.lines: its columns are guessed');
  expect(findings[1]?.details).toMatch(/ order_id bigint\.$/);
});

it('reports a history that starts with a table of another history', () =>
  reports({
    '0041_a.up.sql': `ALTER TABLE orders ADD COLUMN note text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ assumed-schema
`,
    '0042_b.up.sql': 'ALTER TABLE orders DROP COLUMN total;',
  }));

it('is silent on what the script creates, and on a history that starts empty', async () => {
  await loose.silentOn('CREATE TABLE a (id int);\nALTER TABLE a ADD COLUMN b int;\n');
  await silentOn({ '0001_a.up.sql': 'CREATE TABLE a (id int);', '0002_b.up.sql': 'ALTER TABLE elsewhere ADD b int;' });
});

it('reports once which extension no script creates, and assumes that it exists', async () => {
  const findings = await reports({
    '0001_a.up.sql': `CREATE TABLE item (id int PRIMARY KEY, name text, code text);
CREATE INDEX item_name ON item USING gin (name gin_trgm_ops);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ assumed-schema
CREATE INDEX item_code ON item USING gin (code gin_trgm_ops);
`,
    '0002_b.up.sql': 'CREATE INDEX item_both ON item USING gin (name gin_trgm_ops, code gin_trgm_ops);',
  });
  expect(findings[0]).toMatchObject({
    severity: 'info',
    message: 'No script creates the extension pg_trgm, which this script needs',
    details: 'The checks assume that the extension exists.',
    advice: 'Add CREATE EXTENSION IF NOT EXISTS pg_trgm; to an earlier script, or create it in the database by hand.',
  });
});

it('is silent on an extension that a later script creates', () =>
  silentOn({
    '0001_a.up.sql': 'CREATE TABLE item (name text); CREATE INDEX item_name ON item USING gin (name gin_trgm_ops);',
    '0002_b.up.sql': 'CREATE EXTENSION pg_trgm;',
  }));
