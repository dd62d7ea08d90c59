import { expect, it } from 'vitest';
import { check } from './drop-index-of-constraint';
import { check as statementFails } from './statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE SCHEMA sales;
CREATE TABLE sales.orders (id int PRIMARY KEY, number text UNIQUE);
CREATE INDEX orders_id ON sales.orders (id);`;
const { reports, silentOn, afterFix } = sqlCheck(check, base);

it('drops the constraint instead by a fix', async () => {
  const script = `DROP INDEX IF EXISTS sales.orders_number_key;
--                         ^^^^^^^^^^^^^^^^^ drop-index-of-constraint
`;
  const [finding] = await reports(script);
  expect(finding).toMatchObject({ severity: 'error', hazards: ['P48'] });
  expect(await afterFix(script, { also: [statementFails] })).toContain(
    'ALTER TABLE sales.orders DROP CONSTRAINT IF EXISTS orders_number_key;',
  );
});

it('leaves an index alone that belongs to no constraint', () => silentOn('DROP INDEX sales.orders_id;'));
