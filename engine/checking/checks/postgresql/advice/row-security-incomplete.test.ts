import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './row-security-incomplete';
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

it('reports row-level security without a policy, and a policy without row-level security', async () => {
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
  expect(findings.map(({ message }) => message)).toEqual([
    'Hides all rows of customers from every role but the owner: there is no policy',
    'Policy own_rows has no effect: row-level security is off for orders',
    'Hides all rows of visits from every role but the owner: there is no policy',
    'Policy all_rows has no effect: row-level security is off for invoices',
  ]);
  expect(findings[0]?.advice).toBe('Add the policies in the same migration: CREATE POLICY ... ON customers FOR ... TO ... USING (...);');
  expect(findings[1]?.advice).toBe('Enable row-level security: ALTER TABLE orders ENABLE ROW LEVEL SECURITY;');
});

it('accepts what later statements complete', async () => {
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
])('offers a fix that enables it on a new table: %s', async (sql, expected) => {
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

it('is silent on tables that no known script creates', async () => {
  await expectMarkers(
    { 'change.sql': 'ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON sessions USING (true);\n' },
    check,
    { loose: true },
  );
});
