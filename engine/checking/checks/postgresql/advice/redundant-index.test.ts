import { expect, it } from 'vitest';
import { check } from './redundant-index';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, shop);

it('reports indexes that another index covers, and indexes on many columns', async () => {
  const findings = await reports(`CREATE TABLE invoices (id bigint PRIMARY KEY, kind text, day date);
CREATE INDEX invoices_kind ON invoices (kind);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ redundant-index
CREATE INDEX invoices_kind_day ON invoices (kind, day);
CREATE TABLE visits (id bigint PRIMARY KEY);
CREATE UNIQUE INDEX visits_id ON visits (id);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ redundant-index
CREATE TABLE calls (id bigint PRIMARY KEY, day date);
CREATE INDEX calls_day ON calls (day);
CREATE INDEX calls_by_day ON calls (day);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ redundant-index
CREATE TABLE facts (a integer PRIMARY KEY, b integer, c integer, d integer, e integer, f integer);
CREATE INDEX facts_all ON facts (b, c, d, e, f, a);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ redundant-index
CREATE INDEX orders_customer_note ON public.orders (customer_id, note);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ redundant-index
`);
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P83'], verified: true });
  expect(findings.map(({ message }) => message)).toEqual([
    'Creates invoices_kind, which is redundant: invoices_kind_day starts with the same columns',
    'Creates visits_id, which is redundant: visits_pkey has the same columns',
    'Creates calls_by_day, which is redundant: calls_day has the same columns',
    'Indexes 6 columns of facts: each write maintains all of them',
    'Makes orders_customer_idx redundant: orders_customer_note starts with the same columns',
  ]);
  expect(findings[0]?.advice).toBe('Do not create the index.');
  expect(findings[3]?.advice).toBe('Index only the columns that narrow searches down.');
});

it('is silent on other orders, unique indexes, conditions, expressions and methods', () =>
  silentOn(`CREATE TABLE events (id bigint PRIMARY KEY, kind text, day date);
CREATE INDEX events_kind ON events (kind, day);
CREATE INDEX events_day ON events (day);
CREATE TABLE shifts (id bigint PRIMARY KEY, code text, day date);
CREATE UNIQUE INDEX shifts_code ON shifts (code);
CREATE INDEX shifts_code_day ON shifts (code, day);
CREATE TABLE mails (id bigint PRIMARY KEY, box text, read boolean);
CREATE INDEX mails_box ON mails (box);
CREATE INDEX mails_unread ON mails (box) WHERE NOT read;
CREATE INDEX mails_lower ON mails (lower(box));
CREATE INDEX mails_hash ON mails USING hash (box);
CREATE INDEX mails_pattern ON mails (box text_pattern_ops);
CREATE INDEX orders_customer_both ON public.orders (customer_id, id);
DROP INDEX public.orders_customer_idx;
`));

it.each([
  [
    `CREATE TABLE invoices (id bigint PRIMARY KEY, kind text, day date);
CREATE INDEX invoices_kind ON invoices (kind);
CREATE INDEX invoices_kind_day ON invoices (kind, day);`,
    `CREATE TABLE invoices`,
  ],
  [
    `CREATE TABLE calls (id bigint PRIMARY KEY, day date);
CREATE INDEX calls_day ON calls (day);
CREATE INDEX calls_by_day ON calls (day);`,
    `CREATE INDEX calls_day`,
  ],
])('offers a fix that removes the index: %s', async (sql, expected) => {
  expect(await afterFix(sql)).toContain(expected);
});

it('advises how to drop the older index and links the statement that creates it', async () => {
  const sql = 'CREATE INDEX orders_customer_note ON public.orders (customer_id, note);';
  const [finding] = await findingsIn(sql);
  expect(finding?.advice).toBe(
    'Drop orders_customer_idx in a migration of its own that runs outside a transaction: DROP INDEX CONCURRENTLY orders_customer_idx;',
  );
  expect(finding?.related).toMatchObject([{ file: '/project/migrations/0001_base.up.sql', message: 'Creates orders_customer_idx.' }]);
  expect(finding?.fixes).toEqual([]);
});

it('offers no fix if another statement names the index', async () => {
  const sql = 'CREATE INDEX orders_by_customer ON public.orders (customer_id);';
  const down = 'DROP INDEX orders_by_customer;';
  const fixture = { '0002_change.up.sql': `${sql}\nSELECT 1;`, '0002_change.down.sql': down };
  const [finding] = await findingsIn(fixture);
  expect(finding?.fixes).toEqual([]);
});
