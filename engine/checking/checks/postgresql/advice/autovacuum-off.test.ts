import { expect, it } from 'vitest';
import { check } from './autovacuum-off';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check, shop);
const bySyntax = sqlCheck(check, '', { loose: true, shadow: false });

it('reports tables for which autovacuum is turned off', async () => {
  const findings = await reports(`CREATE TABLE invoices (id bigint PRIMARY KEY) WITH (autovacuum_enabled = false);
                                                 -- ^^^^^^^^^^^^^^^^^^^^^^^^^^ autovacuum-off
ALTER TABLE public.orders SET (fillfactor = 80, autovacuum_enabled = off);
                                             -- ^^^^^^^^^^^^^^^^^^^^^^^^ autovacuum-off
ALTER TABLE public.customers SET (toast.autovacuum_enabled = false);
                               -- ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ autovacuum-off
`);
  expect(findings[0]).toMatchObject({ severity: 'info', hazards: ['P92'], verified: true });
  expect(findings.map(({ message }) => message)).toEqual([
    'Turns autovacuum off for invoices, so dead rows accumulate',
    'Turns autovacuum off for orders, so dead rows accumulate',
    'Turns autovacuum off for the TOAST table of customers, so dead rows accumulate',
  ]);
  expect(findings[1]?.details).toMatch(/^The table grows, and its statistics become stale\./);
  expect(findings[2]?.details).toMatch(/^The table grows\. PostgreSQL still vacuums it/);
  expect(findings[1]?.advice).toMatch(
    /^Leave autovacuum on and tune it: ALTER TABLE orders SET \(autovacuum_vacuum_scale_factor = 0\.01\);/,
  );
  expect(findings[2]?.advice).toMatch(/ALTER TABLE customers RESET \(toast\.autovacuum_enabled\);$/);
});

it('is silent on tables for which it is turned on again, and on temporary tables', () =>
  silentOn(`CREATE TABLE visits (id bigint PRIMARY KEY) WITH (autovacuum_enabled = false);
INSERT INTO visits SELECT generate_series(1, 10);
ALTER TABLE visits RESET (autovacuum_enabled);
ALTER TABLE public.orders SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_enabled = true);
CREATE TEMPORARY TABLE chosen (id bigint) WITH (autovacuum_enabled = false);
`));

it.each([
  [`CREATE TABLE invoices (id bigint PRIMARY KEY) WITH (autovacuum_enabled = false);`, `autovacuum_enabled = true)`],
  [`ALTER TABLE public.orders SET (fillfactor = 80, autovacuum_enabled = off);`, `autovacuum_enabled = true)`],
])('offers a fix that leaves autovacuum on: %s', async (sql, expected) => {
  expect(await afterFix(sql)).toContain(expected);
});

it('reports that it is turned off for the whole server', async () => {
  const [finding] = await bySyntax.reports(`ALTER SYSTEM SET autovacuum = off;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ autovacuum-off
ALTER SYSTEM SET autovacuum = on;
`);
  expect(finding?.message).toBe('Turns autovacuum off for the whole server, so dead rows accumulate in every table');
  expect(finding?.advice).toMatch(/^Leave autovacuum on/);
});
