import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './unqualified-name';
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

it('reports names without schema', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY);
          -- ^^^^^^^^ unqualified-name
CREATE INDEX orders_note ON orders (note);
                         -- ^^^^^^ unqualified-name
ALTER TABLE orders ADD COLUMN extra text;
         -- ^^^^^^ unqualified-name
UPDATE orders SET note = NULL;
    -- ^^^^^^ unqualified-name
CREATE TABLE public.steps (a integer);
DROP TABLE steps;
        -- ^^^^^ unqualified-name
`,
    },
    check,
    options(),
  );
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P86'], verified: true });
  expect(findings[0]?.message).toBe('The schema of invoices depends on search_path: the name is not qualified');
  expect(findings[0]?.advice).toBe('Write the schema before the name.');
});

it('is silent on qualified, temporary and local names, and in scripts that set the search_path', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE public.visits (id bigint PRIMARY KEY);
CREATE INDEX visits_id ON public.visits (id);
CREATE TEMPORARY TABLE chosen (id bigint);
INSERT INTO chosen SELECT id FROM public.orders;
DROP TABLE chosen;
WITH old AS (DELETE FROM public.orders WHERE note = 'x' RETURNING id) INSERT INTO public.customers SELECT id, 'x' FROM old;
SET LOCAL search_path TO public;
ALTER TABLE orders ADD COLUMN more text;
`,
    },
    check,
    options(),
  );
});

it('counts the other names of the statement', async () => {
  const sql = 'INSERT INTO orders (id, customer_id) SELECT id, id FROM customers;';
  const [finding] = await findingsIn({ ...base, '0002_change.up.sql': sql }, [check], options());
  expect(finding?.details).toMatch(/The statement has 1 more unqualified name\.$/);
  expect(finding?.advice).toBe('Write the schema before each name.');
});

it('is silent until the configuration gives it a severity', async () => {
  expect(
    await findingsIn({ ...base, '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY);` }, [check], { shadow }),
  ).toEqual([]);
});

it.each([
  [`CREATE TABLE invoices (id bigint PRIMARY KEY);`, `CREATE TABLE public.invoices (`],
  [`CREATE INDEX orders_note ON orders (note);`, `ON public.orders (note)`],
  [`UPDATE orders SET note = NULL;`, `UPDATE public.orders SET`],
  [
    `CREATE TABLE public.steps (a integer);
DROP TABLE steps;`,
    `DROP TABLE public.steps`,
  ],
])('offers a fix that qualifies with public if the embedded database found the object there: %s', async (sql, expected) => {
  const fixture = { ...base, '0002_change.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], options());
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain(expected);
  expect(await findingsIn(fixed, [check], options())).toEqual([]);
});
