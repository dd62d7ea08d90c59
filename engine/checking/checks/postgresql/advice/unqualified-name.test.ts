import { expect, it } from 'vitest';
import { check } from './unqualified-name';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, shop, { configuration: { advice: 'hint' } });

it('reports names without schema', async () => {
  const findings = await reports(`CREATE TABLE invoices (id bigint PRIMARY KEY);
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
`);
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P86'], verified: true });
  expect(findings[0]?.message).toBe('The schema of invoices depends on search_path: the name is not qualified');
  expect(findings[0]?.advice).toBe('Write the schema before the name.');
});

it('is silent on qualified, temporary and local names, and in scripts that set the search_path', () =>
  silentOn(`CREATE TABLE public.visits (id bigint PRIMARY KEY);
CREATE INDEX visits_id ON public.visits (id);
CREATE TEMPORARY TABLE chosen (id bigint);
INSERT INTO chosen SELECT id FROM public.orders;
DROP TABLE chosen;
WITH old AS (DELETE FROM public.orders WHERE note = 'x' RETURNING id) INSERT INTO public.customers SELECT id, 'x' FROM old;
SET LOCAL search_path TO public;
ALTER TABLE orders ADD COLUMN more text;
`));

it('counts the other names of the statement', async () => {
  const sql = 'INSERT INTO orders (id, customer_id) SELECT id, id FROM customers;';
  const [finding] = await findingsIn(sql);
  expect(finding?.details).toMatch(/The statement has 1 more unqualified name\.$/);
  expect(finding?.advice).toBe('Write the schema before each name.');
});

it('is silent until the configuration gives it a severity', () =>
  sqlCheck(check, shop).silentOn(`CREATE TABLE invoices (id bigint PRIMARY KEY);`));

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
  expect(await afterFix(sql)).toContain(expected);
});
