import { expect, it } from 'vitest';
import { check } from './unnamed-constraint';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check, shop, { configuration: { advice: 'hint' } });

it('reports constraints and indexes without a name', async () => {
  const findings = await reports(`CREATE TABLE invoices (id bigint CONSTRAINT invoices_key PRIMARY KEY, total integer CHECK (total > 0));
                                                                                 -- ^^^^^ unnamed-constraint
CREATE TABLE visits (id bigint PRIMARY KEY, a integer, b integer, UNIQUE (a, b));
                                                               -- ^^^^^^ unnamed-constraint
ALTER TABLE public.customers ADD COLUMN last_order bigint REFERENCES public.orders;
                                                       -- ^^^^^^^^^^ unnamed-constraint
CREATE TABLE events (id bigint PRIMARY KEY, kind text);
CREATE INDEX ON events (kind);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^ unnamed-constraint
`);
  expect(findings[1]).toMatchObject({ severity: 'hint', hazards: ['P84'], verified: true });
  expect(findings[1]?.message).toBe('Leaves the name of this constraint to PostgreSQL: it may differ between databases');
  expect(findings[1]?.advice).toBe('Name the constraint, for example visits_a_b_key.');
  expect(findings[3]?.message).toBe('Leaves the name of this index to PostgreSQL: it may differ between databases');
  expect(findings[3]?.advice).toBe('Name the index, for example events_kind_idx.');
});

it('is silent on named constraints, primary keys and NOT NULL', () =>
  silentOn(`CREATE TABLE colors (id bigint PRIMARY KEY, code text CONSTRAINT colors_code CHECK (code <> ''));
CREATE INDEX colors_code_idx ON colors (code);
CREATE TABLE shifts (id bigint PRIMARY KEY, day date NOT NULL);
`));

it('is silent until the configuration gives it a severity', () =>
  sqlCheck(check, shop).silentOn(
    `CREATE TABLE invoices (id bigint CONSTRAINT invoices_key PRIMARY KEY, total integer CHECK (total > 0));`,
  ));

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
  expect(await afterFix(sql)).toContain(expected);
});
