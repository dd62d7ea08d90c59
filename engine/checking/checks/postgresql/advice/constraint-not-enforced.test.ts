import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './constraint-not-enforced';
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

it('reports constraints that are not enforced', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY, total integer CHECK (total > 0) NOT ENFORCED);
                                                                           -- ^^^^^^^^^^^^ constraint-not-enforced
CREATE TABLE visits (id bigint PRIMARY KEY, a integer, CONSTRAINT positive CHECK (a > 0) NOT ENFORCED, b integer);
                                                                                      -- ^^^^^^^^^^^^ constraint-not-enforced
ALTER TABLE public.orders ADD CONSTRAINT orders_customer_two FOREIGN KEY (customer_id) REFERENCES public.customers NOT ENFORCED;
                                                                                                                -- ^^^^^^^^^^^^ constraint-not-enforced
`,
    },
    check,
    options(),
  );
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P94'], verified: true });
  expect(findings.map(({ message }) => message)).toEqual([
    'Accepts rows of invoices that violate the constraint: it is NOT ENFORCED',
    'Accepts rows of visits that violate positive: it is NOT ENFORCED',
    'Accepts rows of orders that violate orders_customer_two: it is NOT ENFORCED',
  ]);
  expect(findings[0]?.advice).toMatch(/^Enforce the constraint\./);
});

it('is silent on enforced constraints and on NOT VALID', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE events (id bigint PRIMARY KEY, total integer CHECK (total > 0) ENFORCED);
ALTER TABLE public.orders ADD CONSTRAINT note_given CHECK (note <> '') NOT VALID;
`,
    },
    check,
    options(),
  );
});

it('is a hint unless the configuration gives it another severity', async () => {
  const found = await findingsIn(
    { ...base, '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY, total integer CHECK (total > 0) NOT ENFORCED);` },
    [check],
    { shadow },
  );
  expect(found.map(({ severity }) => severity)).toEqual(['hint']);
});

it.each([
  [`CREATE TABLE invoices (id bigint PRIMARY KEY, total integer CHECK (total > 0) NOT ENFORCED);`, `CHECK (total > 0));`],
  [
    `CREATE TABLE visits (id bigint PRIMARY KEY, a integer, CONSTRAINT positive CHECK (a > 0) NOT ENFORCED, b integer);`,
    `CHECK (a > 0), b integer`,
  ],
])('offers a fix that enforces the constraint of a new table: %s', async (sql, expected) => {
  const fixture = { ...base, '0002_change.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], options());
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain(expected);
  expect(await findingsIn(fixed, [check], options())).toEqual([]);
});
