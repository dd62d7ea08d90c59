import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './json-column';
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

it('reports json columns', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY, body json NOT NULL DEFAULT '{}');
                                                -- ^^^^ json-column
ALTER TABLE public.customers ADD COLUMN extra json;
                                           -- ^^^^ json-column
CREATE TABLE visits (id bigint PRIMARY KEY, data json);
                                              -- ^^^^ json-column
CREATE VIEW visit_kinds AS SELECT json_extract_path_text(data, 'kind') AS kind FROM visits;
`,
    },
    check,
    options(),
  );
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P80'], verified: true });
  expect(findings[0]?.message).toBe('DISTINCT, GROUP BY and = fail on body: json has no equality operator');
  expect(findings[0]?.advice).toBe('Use jsonb, unless the text must keep its whitespace, key order and duplicate keys.');
});

it('is silent on jsonb and on json in queries', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE events (id bigint PRIMARY KEY, body jsonb);
CREATE VIEW public.customer_objects AS SELECT row_to_json(c) AS body FROM public.customers c;
`,
    },
    check,
    options(),
  );
});

it('is a hint unless the configuration gives it another severity', async () => {
  const found = await findingsIn(
    { ...base, '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY, body json NOT NULL DEFAULT '{}');` },
    [check],
    { shadow },
  );
  expect(found.map(({ severity }) => severity)).toEqual(['hint']);
});

it.each([
  [`CREATE TABLE invoices (id bigint PRIMARY KEY, body json NOT NULL DEFAULT '{}');`, `body jsonb NOT NULL`],
  [`ALTER TABLE public.customers ADD COLUMN extra json;`, `extra jsonb;`],
])('offers a fix that uses jsonb: %s', async (sql, expected) => {
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
      '0002_change.up.sql': `CREATE TABLE visits (id bigint PRIMARY KEY, data json);
CREATE VIEW visit_kinds AS SELECT json_extract_path_text(data, 'kind') AS kind FROM visits;`,
    },
    [check],
    options(),
  );
  expect(finding?.fixes).toEqual([]);
});
