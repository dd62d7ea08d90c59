import { expect, it } from 'vitest';
import { check } from './broad-grant';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check, shop);

it('reports privileges for PUBLIC and all privileges at once', async () => {
  const findings = await reports(`CREATE ROLE clerk;
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
`);
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

it('is silent on single privileges, REVOKE and memberships', () =>
  silentOn(`CREATE ROLE teller;
GRANT SELECT, INSERT ON public.orders TO teller;
GRANT USAGE ON SCHEMA public TO teller;
REVOKE ALL ON public.orders FROM PUBLIC;
CREATE ROLE boss;
GRANT pg_read_all_data TO boss;
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
GRANT EXECUTE ON FUNCTION one() TO PUBLIC;
`));

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
  expect(await afterFix(sql)).toContain(expected);
});
