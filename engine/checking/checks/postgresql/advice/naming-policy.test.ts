import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './naming-policy';
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
const options = (): FixtureOptions => ({ shadow, configuration: { advice: 'hint' } });

it('reports names that need quotes or are folded', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE "Invoices" (id bigint PRIMARY KEY);
          -- ^^^^^^^^^^ naming-policy
CREATE TABLE visits (id bigint PRIMARY KEY, "day of week" text);
                                         -- ^^^^^^^^^^^^^ naming-policy
ALTER TABLE public.customers ADD COLUMN "order" bigint;
                                     -- ^^^^^^^ naming-policy
CREATE TABLE orderLines (id bigint PRIMARY KEY);
          -- ^^^^^^^^^^ naming-policy
`,
    },
    check,
    options(),
  );
  expect(findings[2]).toMatchObject({ severity: 'hint', hazards: ['P85'], verified: true });
  expect(findings.map(({ message }) => message)).toEqual([
    'Queries must quote "Invoices": it contains capital letters',
    'Queries must quote "day of week": it contains characters that need quotes',
    'Queries must quote "order": it is a reserved word',
    'Stores orderLines as orderlines: PostgreSQL folds unquoted names to lower case',
  ]);
  expect(findings[2]?.advice).toMatch(/^Choose a name of lower-case letters/);
  expect(findings[3]?.advice).toBe('Write the name in lower case, with underscores between the words.');
});

it('is silent on plain names and on uses of names', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE order_items2 (id bigint PRIMARY KEY, "note" text);
CREATE VIEW public.names AS SELECT name AS "Name" FROM public.customers;
CREATE TABLE SHIFTS (ID bigint PRIMARY KEY);
`,
    },
    check,
    options(),
  );
});

it('is silent until the configuration gives it a severity', async () => {
  expect(
    await findingsIn({ ...base, '0002_change.up.sql': `CREATE TABLE "Invoices" (id bigint PRIMARY KEY);` }, [check], { shadow }),
  ).toEqual([]);
});

it.each([[`CREATE TABLE orderLines (id bigint PRIMARY KEY);`, `CREATE TABLE orderlines (`]])(
  'offers a fix that writes the name as it is stored: %s',
  async (sql, expected) => {
    const fixture = { ...base, '0002_change.up.sql': sql };
    const [finding] = await findingsIn(fixture, [check], options());
    const fixed = applyFix(fixture, finding?.fixes[0]);
    expect(fixed['0002_change.up.sql']).toContain(expected);
    expect(await findingsIn(fixed, [check], options())).toEqual([]);
  },
);
