import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './limited-varchar';
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

it('reports columns with a length in all ways to write them', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY, number varchar(20) NOT NULL);
                                                  -- ^^^^^^^^^^^ limited-varchar
ALTER TABLE public.customers ADD COLUMN city character varying ( 80 ) DEFAULT NULL;
                                          -- ^^^^^^^^^^^^^^^^^^^^^^^^ limited-varchar
CREATE TABLE visits (id bigint PRIMARY KEY, tags varchar(10)[]);
                                              -- ^^^^^^^^^^^ limited-varchar
`,
    },
    check,
    options(),
  );
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P77'], verified: true });
  expect(findings[0]?.message).toBe('Rejects values of number longer than 20 characters until the type is changed');
  expect(findings[0]?.advice).toContain('add CHECK (char_length(number) <= 20)');
});

it('is silent on types without length and on casts', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE events (id bigint PRIMARY KEY, kind varchar);
CREATE TABLE colors (id bigint PRIMARY KEY, code text CHECK (char_length(code) <= 7));
CREATE VIEW public.short_names AS SELECT name::varchar(20) AS name FROM public.customers;
`,
    },
    check,
    options(),
  );
});

it('is silent until the configuration gives it a severity', async () => {
  expect(
    await findingsIn(
      { ...base, '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY, number varchar(20) NOT NULL);` },
      [check],
      { shadow },
    ),
  ).toEqual([]);
});

it.each([
  [`CREATE TABLE invoices (id bigint PRIMARY KEY, number varchar(20) NOT NULL);`, `number text NOT NULL`],
  [`ALTER TABLE public.customers ADD COLUMN city character varying ( 80 ) DEFAULT NULL;`, `ADD COLUMN city text DEFAULT NULL`],
])('offers a fix that uses text: %s', async (sql, expected) => {
  const fixture = { ...base, '0002_change.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], options());
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain(expected);
  expect(await findingsIn(fixed, [check], options())).toEqual([]);
});
