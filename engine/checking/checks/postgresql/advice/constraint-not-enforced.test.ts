import { expect, it } from 'vitest';
import { check } from './constraint-not-enforced';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check, shop);

it('reports constraints that are not enforced', async () => {
  const findings = await reports(`CREATE TABLE invoices (id bigint PRIMARY KEY, total integer CHECK (total > 0) NOT ENFORCED);
                                                                           -- ^^^^^^^^^^^^ constraint-not-enforced
CREATE TABLE visits (id bigint PRIMARY KEY, a integer, CONSTRAINT positive CHECK (a > 0) NOT ENFORCED, b integer);
                                                                                      -- ^^^^^^^^^^^^ constraint-not-enforced
ALTER TABLE public.orders ADD CONSTRAINT orders_customer_two FOREIGN KEY (customer_id) REFERENCES public.customers NOT ENFORCED;
                                                                                                                -- ^^^^^^^^^^^^ constraint-not-enforced
`);
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P94'], verified: true });
  expect(findings.map(({ message }) => message)).toEqual([
    'Accepts rows of invoices that violate the constraint: it is NOT ENFORCED',
    'Accepts rows of visits that violate positive: it is NOT ENFORCED',
    'Accepts rows of orders that violate orders_customer_two: it is NOT ENFORCED',
  ]);
  expect(findings[0]?.advice).toMatch(/^Enforce the constraint\./);
});

it('is silent on enforced constraints and on NOT VALID', () =>
  silentOn(`CREATE TABLE events (id bigint PRIMARY KEY, total integer CHECK (total > 0) ENFORCED);
ALTER TABLE public.orders ADD CONSTRAINT note_given CHECK (note <> '') NOT VALID;
`));

it.each([
  [`CREATE TABLE invoices (id bigint PRIMARY KEY, total integer CHECK (total > 0) NOT ENFORCED);`, `CHECK (total > 0));`],
  [
    `CREATE TABLE visits (id bigint PRIMARY KEY, a integer, CONSTRAINT positive CHECK (a > 0) NOT ENFORCED, b integer);`,
    `CHECK (a > 0), b integer`,
  ],
])('offers a fix that enforces the constraint of a new table: %s', async (sql, expected) => {
  expect(await afterFix(sql)).toContain(expected);
});
