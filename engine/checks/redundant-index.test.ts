import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './redundant-index';
import { applyFix, expectMarkers, findingsIn, type FixtureOptions, startShadow } from './testing/sql-fixture';

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
const options = (): FixtureOptions => ({ shadow });

it('reports indexes that another one serves, and very wide ones', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY, kind text, day date);
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
`,
    },
    check,
    options(),
  );
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P83'], verified: true });
  expect(findings[0]?.message).toContain('invoices_kind serves nothing that invoices_kind_day does not');
});

it('leaves other orders, rules, conditions, expressions and methods alone', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE events (id bigint PRIMARY KEY, kind text, day date);
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
`,
    },
    check,
    options(),
  );
});

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
])('leaves the index out by a fix: %s', async (sql, expected) => {
  const fixture = { ...base, '0002_change.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], options());
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain(expected);
  expect(await findingsIn(fixed, [check], options())).toEqual([]);
});

it('says how to drop the older index and where it is made', async () => {
  const sql = 'CREATE INDEX orders_customer_note ON public.orders (customer_id, note);';
  const [finding] = await findingsIn({ ...base, '0002_change.up.sql': sql }, [check], { shadow });
  expect(finding?.message).toContain('DROP INDEX CONCURRENTLY orders_customer_idx;');
  expect(finding?.related).toMatchObject([{ file: '/project/migrations/0001_base.up.sql', message: 'orders_customer_idx is made here.' }]);
  expect(finding?.fixes).toEqual([]);
});

it('offers no fix where another statement names the index', async () => {
  const sql = 'CREATE INDEX orders_by_customer ON public.orders (customer_id);';
  const down = 'DROP INDEX orders_by_customer;';
  const fixture = { ...base, '0002_change.up.sql': `${sql}\nSELECT 1;`, '0002_change.down.sql': down };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  expect(finding?.fixes).toEqual([]);
});
