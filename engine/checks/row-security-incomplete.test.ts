import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './row-security-incomplete';
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

it('reports what is missing of the two', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ row-security-incomplete
CREATE POLICY own_rows ON public.orders USING (true);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ row-security-incomplete
CREATE TABLE visits (id bigint PRIMARY KEY);
ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ row-security-incomplete
CREATE POLICY all_rows ON visits USING (true);
DROP POLICY all_rows ON visits;
CREATE TABLE invoices (id bigint PRIMARY KEY);
CREATE POLICY all_rows ON invoices USING (true);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ row-security-incomplete
`,
    },
    check,
    options(),
  );
  expect(findings[0]).toMatchObject({ severity: 'info', hazards: ['P89'], verified: true });
  expect(findings[0]?.message).toContain('reads no rows');
});

it('is satisfied when later statements complete it', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE events (id bigint PRIMARY KEY);
CREATE POLICY all_rows ON events USING (true);
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
CREATE TABLE shifts (id bigint PRIMARY KEY);
ALTER TABLE shifts ENABLE ROW LEVEL SECURITY;
ALTER TABLE shifts DISABLE ROW LEVEL SECURITY;
`,
    },
    check,
    options(),
  );
});

it.each([
  [
    `CREATE TABLE invoices (id bigint PRIMARY KEY);
CREATE POLICY all_rows ON invoices USING (true);`,
    `ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;`,
  ],
])('switches it on by a fix where the table is new: %s', async (sql, expected) => {
  const fixture = { ...base, '0002_change.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], options());
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain(expected);
  expect(await findingsIn(fixed, [check], options())).toEqual([]);
});

it('takes earlier and later migrations into account', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_switch.up.sql': 'ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;',
      '0003_policy.up.sql': 'CREATE POLICY own_rows ON public.orders USING (true);',
    },
    check,
    { shadow },
  );
});

it('is silent about tables that no known script makes', async () => {
  await expectMarkers(
    { 'change.sql': 'ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON sessions USING (true);\n' },
    check,
    { loose: true },
  );
});
