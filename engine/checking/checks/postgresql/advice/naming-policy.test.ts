import { expect, it } from 'vitest';
import { check } from './naming-policy';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check, shop, { configuration: { advice: 'hint' } });

it('reports names that need quotes or are folded', async () => {
  const findings = await reports(`CREATE TABLE "Invoices" (id bigint PRIMARY KEY);
          -- ^^^^^^^^^^ naming-policy
CREATE TABLE visits (id bigint PRIMARY KEY, "day of week" text);
                                         -- ^^^^^^^^^^^^^ naming-policy
ALTER TABLE public.customers ADD COLUMN "order" bigint;
                                     -- ^^^^^^^ naming-policy
CREATE TABLE orderLines (id bigint PRIMARY KEY);
          -- ^^^^^^^^^^ naming-policy
`);
  expect(findings[2]).toMatchObject({ severity: 'hint', hazards: ['P85'], verified: true });
  expect(findings.map(({ message }) => message)).toEqual([
    'Queries must quote "Invoices": it contains capital letters',
    'Queries must quote "day of week": it contains characters that need quotes',
    'Queries must quote "order": it is a reserved word',
    'Stores orderLines as orderlines: PostgreSQL folds unquoted names to lower case',
  ]);
  expect(findings[2]?.advice).toMatch(/^Choose a name of lower-case letters/);
  expect(findings[3]?.advice).toBe('Write the name in lower case, with underscores between the words.');
});

it('is silent on plain names and on uses of names', () =>
  silentOn(`CREATE TABLE order_items2 (id bigint PRIMARY KEY, "note" text);
CREATE VIEW public.names AS SELECT name AS "Name" FROM public.customers;
CREATE TABLE SHIFTS (ID bigint PRIMARY KEY);
`));

it('is silent until the configuration gives it a severity', () =>
  sqlCheck(check, shop).silentOn(`CREATE TABLE "Invoices" (id bigint PRIMARY KEY);`));

it.each([[`CREATE TABLE orderLines (id bigint PRIMARY KEY);`, `CREATE TABLE orderlines (`]])(
  'offers a fix that writes the name as it is stored: %s',
  async (sql, expected) => {
    expect(await afterFix(sql)).toContain(expected);
  },
);
