import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './broad-grant';
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

it('reports privileges for PUBLIC and all privileges at once', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE ROLE clerk;
GRANT ALL ON public.orders TO clerk;
   -- ^^^ broad-grant
GRANT SELECT ON public.customers TO PUBLIC;
                                 -- ^^^^^^ broad-grant
CREATE ROLE manager;
GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA public TO manager;
   -- ^^^^^^^^^^^^^^ broad-grant
CREATE ROLE reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO public;
                                                                 -- ^^^^^^ broad-grant
CREATE ROLE builder;
GRANT ALL ON SCHEMA public TO builder;
   -- ^^^ broad-grant
`,
    },
    check,
    options(),
  );
  expect(findings[1]).toMatchObject({ severity: 'info', hazards: ['P91'], verified: true });
  expect(findings.map(({ message }) => message)).toEqual([
    'Grants ALL on tables, which includes TRUNCATE, TRIGGER and REFERENCES',
    'Grants privileges to PUBLIC, which includes all present and future roles',
    'Grants ALL on tables, which includes TRUNCATE, TRIGGER and REFERENCES',
    'Grants privileges to PUBLIC, which includes all present and future roles',
    'Grants ALL on a schema, which includes CREATE',
  ]);
  expect(findings[1]?.advice).toBe('Grant the privileges to a group role, and make the roles that need them its members.');
});

it('is silent on single privileges, REVOKE and memberships', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE ROLE teller;
GRANT SELECT, INSERT ON public.orders TO teller;
GRANT USAGE ON SCHEMA public TO teller;
REVOKE ALL ON public.orders FROM PUBLIC;
CREATE ROLE boss;
GRANT pg_read_all_data TO boss;
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
GRANT EXECUTE ON FUNCTION one() TO PUBLIC;
`,
    },
    check,
    options(),
  );
});

it.each([
  [
    `CREATE ROLE clerk;
GRANT ALL ON public.orders TO clerk;`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON public.orders TO clerk`,
  ],
  [
    `CREATE ROLE manager;
GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA public TO manager;`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES`,
  ],
])('offers a fix that grants reading and writing only: %s', async (sql, expected) => {
  const fixture = { ...base, '0002_change.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], options());
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain(expected);
  expect(await findingsIn(fixed, [check], options())).toEqual([]);
});
