import { expect, it } from 'vitest';
import { linesBelow } from '../../../../core/finding-text';
import { check } from './foreign-key-without-index';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, shop);
const bySyntax = sqlCheck(check, '', { loose: true, shadow: false });

it('reports foreign keys that no index starts with', async () => {
  const findings = await reports(`CREATE TABLE invoices (id bigint PRIMARY KEY, order_id bigint REFERENCES public.orders);
                                                           -- ^^^^^^^^^^^^^^^^^^^^^^^^ foreign-key-without-index
ALTER TABLE public.customers ADD COLUMN last_order bigint REFERENCES public.orders;
                                                       -- ^^^^^^^^^^^^^^^^^^^^^^^^ foreign-key-without-index
CREATE TABLE visits (id bigint PRIMARY KEY, day date, customer bigint, FOREIGN KEY (customer) REFERENCES public.customers);
                                                                                           -- ^^^^^^^^^^^^^^^^^^^^^^^^^^^ foreign-key-without-index
CREATE INDEX visits_day ON visits (day, customer);
CREATE TABLE calls (id bigint PRIMARY KEY, open boolean, customer bigint REFERENCES public.customers);
                                                                      -- ^^^^^^^^^^^^^^^^^^^^^^^^^^^ foreign-key-without-index
CREATE INDEX calls_open ON calls (customer) WHERE open;
CREATE TABLE mails (id bigint PRIMARY KEY, customer bigint REFERENCES public.customers);
                                                        -- ^^^^^^^^^^^^^^^^^^^^^^^^^^^ foreign-key-without-index
CREATE INDEX mails_customer ON mails (customer);
DROP INDEX mails_customer;
`);
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P81'], verified: true });
  expect(findings.map(({ message }) => message)).toEqual([
    'Deletes from orders scan all of invoices: no index on order_id',
    'Deletes from orders scan all of customers: no index on last_order',
    'Deletes from customers scan all of visits: no index on customer',
    'Deletes from customers scan all of calls: no index on customer',
    'Deletes from customers scan all of mails: no index on customer',
  ]);
  expect(findings[0]?.advice).toBe('Create the index: CREATE INDEX invoices_order_id_idx ON invoices (order_id);');
});

it('accepts every index that starts with the columns', () =>
  silentOn(`CREATE TABLE events (id bigint PRIMARY KEY, order_id bigint REFERENCES public.orders);
CREATE INDEX events_order ON events (order_id, id);
CREATE TABLE addresses (id bigint PRIMARY KEY, customer_id bigint UNIQUE REFERENCES public.customers);
CREATE TABLE order_lines (order_id bigint REFERENCES public.orders, line integer, PRIMARY KEY (order_id, line));
CREATE TABLE gifts (id bigint PRIMARY KEY, customer_id bigint REFERENCES public.customers);
CREATE INDEX gifts_customer ON gifts (customer_id) WHERE customer_id IS NOT NULL;
CREATE TEMPORARY TABLE chosen (customer_id bigint);
`));

it.each([
  [
    `CREATE TABLE invoices (id bigint PRIMARY KEY, order_id bigint REFERENCES public.orders);`,
    `CREATE INDEX invoices_order_id_idx ON invoices (order_id);`,
  ],
])('offers a fix that creates the index on a new table: %s', async (sql, expected) => {
  expect(await afterFix(sql)).toContain(expected);
});

it('advises CONCURRENTLY for a table in use, and offers no fix there', async () => {
  const [finding] = await findingsIn('ALTER TABLE public.customers ADD COLUMN last_order bigint REFERENCES public.orders;');
  expect(finding?.advice).toBe(
    'Create the index in a migration of its own that runs outside a transaction: CREATE INDEX CONCURRENTLY customers_last_order_idx ON customers (last_order);',
  );
  expect(finding?.fixes).toEqual([]);
});

it('accepts an index of a later migration', () =>
  silentOn({
    '0002_change.up.sql': 'ALTER TABLE public.customers ADD COLUMN last_order bigint REFERENCES public.orders;',
    '0003_index.up.sql': '-- no-transaction\nCREATE INDEX CONCURRENTLY customers_last_order ON public.customers (last_order);',
  }));

it('names the columns of a foreign key of several columns', async () => {
  const sql = `CREATE TABLE shops (city text, street text, PRIMARY KEY (city, street));
CREATE TABLE stock (id bigint PRIMARY KEY, city text, street text, FOREIGN KEY (city, street) REFERENCES shops);`;
  const [finding] = await findingsIn(sql);
  expect(finding?.message).toBe('Deletes from shops scan all of stock: no index on the foreign key');
  expect(finding?.details).toMatch(/An index helps if it starts with city and street\.$/);
});

it('judges only columns that the scripts add if the history is not known', async () => {
  const [finding] = await bySyntax.reports(`ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE orders ADD COLUMN seller_id bigint REFERENCES sellers;
                                            -- ^^^^^^^^^^^^^^^^^^ foreign-key-without-index
`);
  expect(finding?.verified).toBe(false);
  expect(finding && linesBelow(finding).at(-1)).toBe('Not verified: the statement did not run in the embedded database.');
});
