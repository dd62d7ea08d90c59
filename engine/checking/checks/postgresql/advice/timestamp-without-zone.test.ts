import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './timestamp-without-zone';
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

it('reports timestamps without time zone', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY, paid_at timestamp NOT NULL DEFAULT now());
                                                   -- ^^^^^^^^^ timestamp-without-zone
ALTER TABLE public.customers ADD COLUMN seen_at timestamp(3) without time zone;
                                             -- ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ timestamp-without-zone
CREATE TABLE visits (id bigint PRIMARY KEY, began timestamp);
                                               -- ^^^^^^^^^ timestamp-without-zone
CREATE INDEX visits_day ON visits (date(began));
`,
    },
    check,
    options(),
  );
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P79'], verified: true });
  expect(findings[0]?.message).toBe('Stores paid_at without a time zone: clients in other zones read a different instant');
  expect(findings[0]?.advice).toBe('Use timestamptz, which stores the instant and takes the same 8 bytes.');
});

it('is silent on timestamptz, dates and times of day', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE events (id bigint PRIMARY KEY, at timestamp with time zone, noted timestamptz);
CREATE TABLE shifts (id bigint PRIMARY KEY, day date, begins time);
`,
    },
    check,
    options(),
  );
});

it('is a hint unless the configuration gives it another severity', async () => {
  const found = await findingsIn(
    { ...base, '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY, paid_at timestamp NOT NULL DEFAULT now());` },
    [check],
    { shadow },
  );
  expect(found.map(({ severity }) => severity)).toEqual(['hint']);
});

it.each([
  [`CREATE TABLE invoices (id bigint PRIMARY KEY, paid_at timestamp NOT NULL DEFAULT now());`, `paid_at timestamptz NOT NULL`],
  [`ALTER TABLE public.customers ADD COLUMN seen_at timestamp(3) without time zone;`, `seen_at timestamptz(3);`],
])('offers a fix that uses timestamptz: %s', async (sql, expected) => {
  const fixture = { ...base, '0002_change.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], options());
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain(expected);
  expect(await findingsIn(fixed, [check], options())).toEqual([]);
});

it('offers no fix if expressions use the column', async () => {
  const [finding] = await findingsIn(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE visits (id bigint PRIMARY KEY, began timestamp);
CREATE INDEX visits_day ON visits (date(began));`,
    },
    [check],
    options(),
  );
  expect(finding?.fixes).toEqual([]);
});
