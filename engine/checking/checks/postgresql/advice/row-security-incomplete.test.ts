import { expect, it } from 'vitest';
import { check } from './row-security-incomplete';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check, shop);

it('reports row-level security without a policy, and a policy without row-level security', async () => {
  const findings = await reports(`ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY;
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
`);
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

it('accepts what later statements complete', () =>
  silentOn(`CREATE TABLE events (id bigint PRIMARY KEY);
CREATE POLICY all_rows ON events USING (true);
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
CREATE TABLE shifts (id bigint PRIMARY KEY);
ALTER TABLE shifts ENABLE ROW LEVEL SECURITY;
ALTER TABLE shifts DISABLE ROW LEVEL SECURITY;
`));

it.each([
  [
    `CREATE TABLE invoices (id bigint PRIMARY KEY);
CREATE POLICY all_rows ON invoices USING (true);`,
    `ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;`,
  ],
])('offers a fix that enables it on a new table: %s', async (sql, expected) => {
  expect(await afterFix(sql)).toContain(expected);
});

it('takes earlier and later migrations into account', () =>
  silentOn({
    '0002_switch.up.sql': 'ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;',
    '0003_policy.up.sql': 'CREATE POLICY own_rows ON public.orders USING (true);',
  }));

it('is silent on tables that no known script creates', () =>
  silentOn('ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON sessions USING (true);\n', {
    loose: true,
    shadow: false,
  }));
