import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './autovacuum-off';
import { applyFix, expectMarkers, findingsIn, type FixtureOptions, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE public.customers (id bigint CONSTRAINT customers_key PRIMARY KEY, name text NOT NULL);
CREATE TABLE public.orders (id bigint CONSTRAINT orders_key PRIMARY KEY, customer_id bigint NOT NULL, note text, created_at timestamptz,
  CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES public.customers ON DELETE RESTRICT);
CREATE INDEX orders_customer_idx ON public.orders (customer_id);
`,
};
const options = (): FixtureOptions => ({ shadow });

it('reports tables for which autovacuum is turned off', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY) WITH (autovacuum_enabled = false);
                                                 -- ^^^^^^^^^^^^^^^^^^^^^^^^^^ autovacuum-off
ALTER TABLE public.orders SET (fillfactor = 80, autovacuum_enabled = off);
                                             -- ^^^^^^^^^^^^^^^^^^^^^^^^ autovacuum-off
ALTER TABLE public.customers SET (toast.autovacuum_enabled = false);
                               -- ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ autovacuum-off
`,
    },
    check,
    options(),
  );
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

it('is silent on tables for which it is turned on again, and on temporary tables', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE visits (id bigint PRIMARY KEY) WITH (autovacuum_enabled = false);
INSERT INTO visits SELECT generate_series(1, 10);
ALTER TABLE visits RESET (autovacuum_enabled);
ALTER TABLE public.orders SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_enabled = true);
CREATE TEMPORARY TABLE chosen (id bigint) WITH (autovacuum_enabled = false);
`,
    },
    check,
    options(),
  );
});

it.each([
  [`CREATE TABLE invoices (id bigint PRIMARY KEY) WITH (autovacuum_enabled = false);`, `autovacuum_enabled = true)`],
  [`ALTER TABLE public.orders SET (fillfactor = 80, autovacuum_enabled = off);`, `autovacuum_enabled = true)`],
])('offers a fix that leaves autovacuum on: %s', async (sql, expected) => {
  const fixture = { ...base, '0002_change.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], options());
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain(expected);
  expect(await findingsIn(fixed, [check], options())).toEqual([]);
});

it('reports that it is turned off for the whole server', async () => {
  const [finding] = await expectMarkers(
    {
      'change.sql': `ALTER SYSTEM SET autovacuum = off;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ autovacuum-off
ALTER SYSTEM SET autovacuum = on;
`,
    },
    check,
    { loose: true },
  );
  expect(finding?.message).toBe('Turns autovacuum off for the whole server, so dead rows accumulate in every table');
  expect(finding?.advice).toMatch(/^Leave autovacuum on/);
});
