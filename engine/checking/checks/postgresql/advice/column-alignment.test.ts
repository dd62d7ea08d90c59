import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './column-alignment';
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

it('reports orders that leave gaps and counts the bytes', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE invoices (a boolean, id bigint PRIMARY KEY, b boolean, total bigint, c boolean, tax bigint, d boolean);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ column-alignment
CREATE TABLE visits (
--^^^^^^^^^^^^^^^^^^^ column-alignment
  kind smallint,
  id bigint PRIMARY KEY,
  place integer,
  began timestamptz,
  stars smallint,
  ended timestamptz
);
`,
    },
    check,
    options(),
  );
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P96'], verified: true });
  expect(findings[0]?.message).toBe('Wastes at least 24 bytes in each row of invoices: alignment padding between columns');
  expect(findings[0]?.advice).toMatch(/variable length last: id, total, tax, a, b, c, d\.$/);
});

it('is silent on good orders, small gains and unknown lengths', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE events (id bigint PRIMARY KEY, at timestamptz, kind integer, a boolean, b boolean, note text);
CREATE TABLE shifts (a boolean, id bigint PRIMARY KEY, b boolean);
CREATE TABLE mails (subject text, id bigint PRIMARY KEY, body text, at timestamptz, box text, size bigint);
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
        '0002_change.up.sql': `CREATE TABLE invoices (a boolean, id bigint PRIMARY KEY, b boolean, total bigint, c boolean, tax bigint, d boolean);`,
      },
      [check],
      { shadow },
    ),
  ).toEqual([]);
});

it.each([
  [
    `CREATE TABLE invoices (a boolean, id bigint PRIMARY KEY, b boolean, total bigint, c boolean, tax bigint, d boolean);`,
    `(id bigint PRIMARY KEY, total bigint, tax bigint, a boolean, b boolean, c boolean, d boolean)`,
  ],
])('offers a fix that orders the columns: %s', async (sql, expected) => {
  const fixture = { ...base, '0002_change.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], options());
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain(expected);
  expect(await findingsIn(fixed, [check], options())).toEqual([]);
});
