import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './foreign-key-action';
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

it('reports foreign keys without an ON DELETE action', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY, order_id bigint REFERENCES public.orders (id) NOT NULL);
                                                           -- ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ foreign-key-action
ALTER TABLE public.orders ADD CONSTRAINT orders_customer_two FOREIGN KEY (customer_id) REFERENCES public.customers ON UPDATE CASCADE;
                                                                                    -- ^^^^^^^^^^^^^^^^^^^^^^^^^^^ foreign-key-action
CREATE TABLE visits (id bigint PRIMARY KEY, a bigint REFERENCES public.orders ON DELETE CASCADE, b bigint REFERENCES public.orders);
                                                                                                       -- ^^^^^^^^^^^^^^^^^^^^^^^^ foreign-key-action
`,
    },
    check,
    options(),
  );
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P87'], verified: true });
  expect(findings[0]?.message).toBe('Rejects deletes of referenced rows in orders: no ON DELETE action is stated');
  expect(findings[0]?.details).toMatch(/^Rows of invoices reference them by order_id\./);
  expect(findings[0]?.advice).toBe('State the action: ON DELETE NO ACTION, RESTRICT, CASCADE or SET NULL.');
});

it('is silent on foreign keys that state the action', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE events (id bigint PRIMARY KEY, order_id bigint REFERENCES public.orders ON DELETE RESTRICT);
CREATE TABLE shifts (id bigint PRIMARY KEY, order_id bigint REFERENCES public.orders ON UPDATE CASCADE ON DELETE NO ACTION);
CREATE TABLE calls (id bigint PRIMARY KEY, customer_id bigint REFERENCES public.customers ON DELETE CASCADE);
`,
    },
    check,
    options(),
  );
});

it('is silent until the configuration gives it a severity', async () => {
  expect(
    await findingsIn(
      {
        ...base,
        '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY, order_id bigint REFERENCES public.orders (id) NOT NULL);`,
      },
      [check],
      { shadow },
    ),
  ).toEqual([]);
});

it.each([
  [
    `CREATE TABLE invoices (id bigint PRIMARY KEY, order_id bigint REFERENCES public.orders (id) NOT NULL);`,
    `REFERENCES public.orders (id) ON DELETE NO ACTION NOT NULL`,
  ],
  [
    `ALTER TABLE public.orders ADD CONSTRAINT orders_customer_two FOREIGN KEY (customer_id) REFERENCES public.customers ON UPDATE CASCADE;`,
    `REFERENCES public.customers ON DELETE NO ACTION ON UPDATE CASCADE`,
  ],
  [
    `CREATE TABLE visits (id bigint PRIMARY KEY, a bigint REFERENCES public.orders ON DELETE CASCADE, b bigint REFERENCES public.orders);`,
    `b bigint REFERENCES public.orders ON DELETE NO ACTION)`,
  ],
])('offers a fix that states the default: %s', async (sql, expected) => {
  const fixture = { ...base, '0002_change.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], options());
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain(expected);
  expect(await findingsIn(fixed, [check], options())).toEqual([]);
});

it('reports cascades from tables that are known to be large', async () => {
  const fixture = {
    ...base,
    '0002_change.up.sql': `CREATE TABLE calls (id bigint PRIMARY KEY, customer_id bigint REFERENCES public.customers ON DELETE CASCADE);
                                                                                       -- ^^^^^^^^^^^^^^^^^ foreign-key-action
`,
  };
  const [finding] = await expectMarkers(fixture, check, { ...options(), sizes: { 'public.customers': 2_000_000 } });
  expect(finding?.message).toBe('Cascades deletes from customers, which has 2,000,000 rows, to calls');
  expect(finding?.advice).toBe('Use ON DELETE RESTRICT, and delete the referencing rows in batches first.');
  expect(await findingsIn(fixture, [check], { ...options(), sizes: { 'public.customers': 200 } })).toEqual([]);
});
