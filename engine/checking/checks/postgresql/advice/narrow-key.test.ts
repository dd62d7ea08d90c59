import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './narrow-key';
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

it('reports keys of narrow types and names the limit', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE invoices (id integer PRIMARY KEY, note text);
                       -- ^^^^^^^ narrow-key
CREATE TABLE visits (id serial PRIMARY KEY);
                     -- ^^^^^^ narrow-key
CREATE TABLE colors (id smallint, note text, CONSTRAINT colors_key PRIMARY KEY (id));
                     -- ^^^^^^^^ narrow-key
CREATE TABLE events (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
                     -- ^^^ narrow-key
`,
    },
    check,
    options(),
  );
  expect(findings[2]).toMatchObject({ severity: 'hint', hazards: ['P75'], verified: true });
  expect(findings[1]?.message).toBe('Inserts fail once id reaches 2,147,483,647: the key is an integer');
  expect(findings[2]?.message).toBe('Inserts fail once id reaches 32,767: the key is a smallint');
  expect(findings[2]?.advice).toBe('Use bigint.');
});

it('is silent on wide keys, parts of keys and temporary tables', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE invoices2 (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE lines (invoice_id bigint, line integer, PRIMARY KEY (invoice_id, line));
CREATE TABLE stock (id bigint PRIMARY KEY, amount integer);
CREATE TEMPORARY TABLE chosen (id integer PRIMARY KEY);
`,
    },
    check,
    options(),
  );
});

it('is a hint unless the configuration gives it another severity', async () => {
  const found = await findingsIn({ ...base, '0002_change.up.sql': `CREATE TABLE invoices (id integer PRIMARY KEY, note text);` }, [check], {
    shadow,
  });
  expect(found.map(({ severity }) => severity)).toEqual(['hint']);
});

it.each([
  [`CREATE TABLE invoices (id integer PRIMARY KEY, note text);`, `(id bigint PRIMARY KEY`],
  [`CREATE TABLE visits (id serial PRIMARY KEY);`, `(id bigserial PRIMARY KEY`],
])('offers a fix that widens the key: %s', async (sql, expected) => {
  const fixture = { ...base, '0002_change.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], options());
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain(expected);
  expect(await findingsIn(fixed, [check], options())).toEqual([]);
});
