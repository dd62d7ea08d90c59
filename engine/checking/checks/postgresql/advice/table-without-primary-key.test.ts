import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { linesBelow } from '../../../../core/finding-text';
import { check } from './table-without-primary-key';
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
const options = (): FixtureOptions => ({ shadow });

it('reports tables that no migration gives a primary key', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE invoices (number text, total numeric);
          -- ^^^^^^^^ table-without-primary-key
CREATE TABLE visits (id bigint UNIQUE NOT NULL);
          -- ^^^^^^ table-without-primary-key
CREATE TABLE events (id bigint NOT NULL, note text);
          -- ^^^^^^ table-without-primary-key
CREATE TABLE measures (at date NOT NULL, value numeric) PARTITION BY RANGE (at);
          -- ^^^^^^^^ table-without-primary-key
CREATE TABLE measures_2026 PARTITION OF measures FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
`,
    },
    check,
    options(),
  );
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P82'], verified: true });
  expect(findings[0]?.message).toBe('Creates invoices without a primary key: rows can be exact duplicates');
  expect(findings[0]?.advice).toMatch(/^Add a primary key while the table is empty\./);
});

it('is silent on keys that are added later, temporary tables, partitions and copies', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE colors (id bigint PRIMARY KEY);
CREATE TABLE shifts (id bigint NOT NULL);
ALTER TABLE shifts ADD CONSTRAINT shifts_key PRIMARY KEY (id);
CREATE TEMPORARY TABLE chosen (id bigint);
CREATE TABLE customers_before AS SELECT * FROM public.customers;
CREATE TABLE steps (a integer);
DROP TABLE steps;
CREATE TABLE customers_next (LIKE public.customers INCLUDING ALL);
`,
    },
    check,
    options(),
  );
});

it.each([[`CREATE TABLE events (id bigint NOT NULL, note text);`, `(id bigint PRIMARY KEY NOT NULL`]])(
  'offers a fix that makes id the primary key: %s',
  async (sql, expected) => {
    const fixture = { ...base, '0002_change.up.sql': sql };
    const [finding] = await findingsIn(fixture, [check], options());
    const fixed = applyFix(fixture, finding?.fixes[0]);
    expect(fixed['0002_change.up.sql']).toContain(expected);
    expect(await findingsIn(fixed, [check], options())).toEqual([]);
  },
);

it('accepts a key of a later migration', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': 'CREATE TABLE steps (id bigint NOT NULL);',
      '0003_key.up.sql': 'ALTER TABLE steps RENAME TO stages;\nALTER TABLE stages ADD PRIMARY KEY (id);',
    },
    check,
    { shadow },
  );
});

it('is not verified if nothing ran', async () => {
  const [finding] = await expectMarkers(
    {
      'change.sql': `CREATE TABLE steps (a integer);
          -- ^^^^^ table-without-primary-key
`,
    },
    check,
    { loose: true },
  );
  expect(finding?.verified).toBe(false);
  expect(finding && linesBelow(finding).at(-1)).toBe('Not verified: the statement did not run in the embedded database.');
});
