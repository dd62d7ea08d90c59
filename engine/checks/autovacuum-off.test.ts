import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './autovacuum-off';
import { applyFix, expectMarkers, findingsIn, type FixtureOptions, startShadow } from './testing/sql-fixture';

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

it('reports tables that are no longer vacuumed', async () => {
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
  expect(findings[0]?.message).toContain('Dead rows of invoices stay');
});

it('leaves tables that are vacuumed again after a load alone', async () => {
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
])('leaves autovacuum on by a fix: %s', async (sql, expected) => {
  const fixture = { ...base, '0002_change.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], options());
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain(expected);
  expect(await findingsIn(fixed, [check], options())).toEqual([]);
});

it('reports that it is switched off for the whole server', async () => {
  await expectMarkers(
    {
      'change.sql': `ALTER SYSTEM SET autovacuum = off;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ autovacuum-off
ALTER SYSTEM SET autovacuum = on;
`,
    },
    check,
    { loose: true },
  );
});
