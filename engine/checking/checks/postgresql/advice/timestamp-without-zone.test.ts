import { expect, it } from 'vitest';
import { check } from './timestamp-without-zone';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, shop);

it('reports timestamps without time zone', async () => {
  const findings = await reports(`CREATE TABLE invoices (id bigint PRIMARY KEY, paid_at timestamp NOT NULL DEFAULT now());
                                                   -- ^^^^^^^^^ timestamp-without-zone
ALTER TABLE public.customers ADD COLUMN seen_at timestamp(3) without time zone;
                                             -- ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ timestamp-without-zone
CREATE TABLE visits (id bigint PRIMARY KEY, began timestamp);
                                               -- ^^^^^^^^^ timestamp-without-zone
CREATE INDEX visits_day ON visits (date(began));
`);
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P79'], verified: true });
  expect(findings[0]?.message).toBe('Stores paid_at without a time zone: clients in other zones read a different instant');
  expect(findings[0]?.advice).toBe('Use timestamptz, which stores the instant and takes the same 8 bytes.');
});

it('is silent on timestamptz, dates and times of day', () =>
  silentOn(`CREATE TABLE events (id bigint PRIMARY KEY, at timestamp with time zone, noted timestamptz);
CREATE TABLE shifts (id bigint PRIMARY KEY, day date, begins time);
`));

it.each([
  [`CREATE TABLE invoices (id bigint PRIMARY KEY, paid_at timestamp NOT NULL DEFAULT now());`, `paid_at timestamptz NOT NULL`],
  [`ALTER TABLE public.customers ADD COLUMN seen_at timestamp(3) without time zone;`, `seen_at timestamptz(3);`],
])('offers a fix that uses timestamptz: %s', async (sql, expected) => {
  expect(await afterFix(sql)).toContain(expected);
});

it('offers no fix if expressions use the column', async () => {
  const [finding] = await findingsIn(`CREATE TABLE visits (id bigint PRIMARY KEY, began timestamp);
CREATE INDEX visits_day ON visits (date(began));`);
  expect(finding?.fixes).toEqual([]);
});
