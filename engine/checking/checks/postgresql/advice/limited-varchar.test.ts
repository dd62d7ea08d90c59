import { expect, it } from 'vitest';
import { check } from './limited-varchar';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check, shop, { configuration: { advice: 'hint' } });

it('reports columns with a length in all ways to write them', async () => {
  const findings = await reports(`CREATE TABLE invoices (id bigint PRIMARY KEY, number varchar(20) NOT NULL);
                                                  -- ^^^^^^^^^^^ limited-varchar
ALTER TABLE public.customers ADD COLUMN city character varying ( 80 ) DEFAULT NULL;
                                          -- ^^^^^^^^^^^^^^^^^^^^^^^^ limited-varchar
CREATE TABLE visits (id bigint PRIMARY KEY, tags varchar(10)[]);
                                              -- ^^^^^^^^^^^ limited-varchar
`);
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P77'], verified: true });
  expect(findings[0]?.message).toBe('Rejects values of number longer than 20 characters until the type is changed');
  expect(findings[0]?.advice).toContain('add CHECK (char_length(number) <= 20)');
});

it('is silent on types without length and on casts', () =>
  silentOn(`CREATE TABLE events (id bigint PRIMARY KEY, kind varchar);
CREATE TABLE colors (id bigint PRIMARY KEY, code text CHECK (char_length(code) <= 7));
CREATE VIEW public.short_names AS SELECT name::varchar(20) AS name FROM public.customers;
`));

it('is silent until the configuration gives it a severity', () =>
  sqlCheck(check, shop).silentOn(`CREATE TABLE invoices (id bigint PRIMARY KEY, number varchar(20) NOT NULL);`));

it.each([
  [`CREATE TABLE invoices (id bigint PRIMARY KEY, number varchar(20) NOT NULL);`, `number text NOT NULL`],
  [`ALTER TABLE public.customers ADD COLUMN city character varying ( 80 ) DEFAULT NULL;`, `ADD COLUMN city text DEFAULT NULL`],
])('offers a fix that uses text: %s', async (sql, expected) => {
  expect(await afterFix(sql)).toContain(expected);
});
