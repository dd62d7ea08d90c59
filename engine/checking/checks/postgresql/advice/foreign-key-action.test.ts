import { expect, it } from 'vitest';
import { check } from './foreign-key-action';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check, shop, { configuration: { advice: 'hint' } });

it('reports foreign keys without an ON DELETE action', async () => {
  const findings = await reports(`CREATE TABLE invoices (id bigint PRIMARY KEY, order_id bigint REFERENCES public.orders (id) NOT NULL);
                                                           -- ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ foreign-key-action
ALTER TABLE public.orders ADD CONSTRAINT orders_customer_two FOREIGN KEY (customer_id) REFERENCES public.customers ON UPDATE CASCADE;
                                                                                    -- ^^^^^^^^^^^^^^^^^^^^^^^^^^^ foreign-key-action
CREATE TABLE visits (id bigint PRIMARY KEY, a bigint REFERENCES public.orders ON DELETE CASCADE, b bigint REFERENCES public.orders);
                                                                                                       -- ^^^^^^^^^^^^^^^^^^^^^^^^ foreign-key-action
`);
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P87'], verified: true });
  expect(findings[0]?.message).toBe('Rejects deletes of referenced rows in orders: no ON DELETE action is stated');
  expect(findings[0]?.details).toMatch(/^Rows of invoices reference them by order_id\./);
  expect(findings[0]?.advice).toBe('State the action: ON DELETE NO ACTION, RESTRICT, CASCADE or SET NULL.');
});

it('is silent on foreign keys that state the action', () =>
  silentOn(`CREATE TABLE events (id bigint PRIMARY KEY, order_id bigint REFERENCES public.orders ON DELETE RESTRICT);
CREATE TABLE shifts (id bigint PRIMARY KEY, order_id bigint REFERENCES public.orders ON UPDATE CASCADE ON DELETE NO ACTION);
CREATE TABLE calls (id bigint PRIMARY KEY, customer_id bigint REFERENCES public.customers ON DELETE CASCADE);
`));

it('is silent until the configuration gives it a severity', () =>
  sqlCheck(check, shop).silentOn(`CREATE TABLE invoices (id bigint PRIMARY KEY, order_id bigint REFERENCES public.orders (id) NOT NULL);`));

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
  expect(await afterFix(sql)).toContain(expected);
});

it('reports cascades from tables that are known to be large', async () => {
  const script = `CREATE TABLE calls (id bigint PRIMARY KEY, customer_id bigint REFERENCES public.customers ON DELETE CASCADE);
                                                                                       -- ^^^^^^^^^^^^^^^^^ foreign-key-action
`;
  const [finding] = await reports(script, { sizes: { 'public.customers': 2_000_000 }, shadow: false });
  expect(finding?.message).toBe('Cascades deletes from customers, which has 2,000,000 rows, to calls');
  expect(finding?.advice).toBe('Use ON DELETE RESTRICT, and delete the referencing rows in batches first.');
  await silentOn(script, { sizes: { 'public.customers': 200 }, shadow: false });
});
