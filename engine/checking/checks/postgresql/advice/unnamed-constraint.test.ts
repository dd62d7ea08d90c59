import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './unnamed-constraint';
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

it('reports constraints and indexes without a name', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE invoices (id bigint CONSTRAINT invoices_key PRIMARY KEY, total integer CHECK (total > 0));
                                                                                 -- ^^^^^ unnamed-constraint
CREATE TABLE visits (id bigint PRIMARY KEY, a integer, b integer, UNIQUE (a, b));
                                                               -- ^^^^^^ unnamed-constraint
ALTER TABLE public.customers ADD COLUMN last_order bigint REFERENCES public.orders;
                                                       -- ^^^^^^^^^^ unnamed-constraint
CREATE TABLE events (id bigint PRIMARY KEY, kind text);
CREATE INDEX ON events (kind);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^ unnamed-constraint
`,
    },
    check,
    options(),
  );
  expect(findings[1]).toMatchObject({ severity: 'hint', hazards: ['P84'], verified: true });
  expect(findings[1]?.message).toBe('Leaves the name of this constraint to PostgreSQL: it may differ between databases');
  expect(findings[1]?.advice).toBe('Name the constraint, for example visits_a_b_key.');
  expect(findings[3]?.message).toBe('Leaves the name of this index to PostgreSQL: it may differ between databases');
  expect(findings[3]?.advice).toBe('Name the index, for example events_kind_idx.');
});

it('is silent on named constraints, primary keys and NOT NULL', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE colors (id bigint PRIMARY KEY, code text CONSTRAINT colors_code CHECK (code <> ''));
CREATE INDEX colors_code_idx ON colors (code);
CREATE TABLE shifts (id bigint PRIMARY KEY, day date NOT NULL);
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
        '0002_change.up.sql': `CREATE TABLE invoices (id bigint CONSTRAINT invoices_key PRIMARY KEY, total integer CHECK (total > 0));`,
      },
      [check],
      { shadow },
    ),
  ).toEqual([]);
});

it.each([
  [
    `CREATE TABLE invoices (id bigint CONSTRAINT invoices_key PRIMARY KEY, total integer CHECK (total > 0));`,
    `total integer CONSTRAINT invoices_total_check CHECK (total > 0)`,
  ],
  [`CREATE TABLE visits (id bigint PRIMARY KEY, a integer, b integer, UNIQUE (a, b));`, `CONSTRAINT visits_a_b_key UNIQUE (a, b)`],
  [
    `CREATE TABLE events (id bigint PRIMARY KEY, kind text);
CREATE INDEX ON events (kind);`,
    `CREATE INDEX events_kind_idx ON events (kind)`,
  ],
])('offers a fix that writes the name that PostgreSQL would choose: %s', async (sql, expected) => {
  const fixture = { ...base, '0002_change.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], options());
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain(expected);
  expect(await findingsIn(fixed, [check], options())).toEqual([]);
});
