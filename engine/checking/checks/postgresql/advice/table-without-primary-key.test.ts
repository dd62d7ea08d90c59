import { expect, it } from 'vitest';
import { linesBelow } from '../../../../core/finding-text';
import { check } from './table-without-primary-key';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check, shop);
const bySyntax = sqlCheck(check, '', { loose: true, shadow: false });

it('reports tables that no migration gives a primary key', async () => {
  const findings = await reports(`CREATE TABLE invoices (number text, total numeric);
          -- ^^^^^^^^ table-without-primary-key
CREATE TABLE visits (id bigint UNIQUE NOT NULL);
          -- ^^^^^^ table-without-primary-key
CREATE TABLE events (id bigint NOT NULL, note text);
          -- ^^^^^^ table-without-primary-key
CREATE TABLE measures (at date NOT NULL, value numeric) PARTITION BY RANGE (at);
          -- ^^^^^^^^ table-without-primary-key
CREATE TABLE measures_2026 PARTITION OF measures FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
`);
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P82'], verified: true });
  expect(findings[0]?.message).toBe('Creates invoices without a primary key: rows can be exact duplicates');
  expect(findings[0]?.advice).toMatch(/^Add a primary key while the table is empty\./);
});

it('is silent on keys that are added later, temporary tables, partitions and copies', () =>
  silentOn(`CREATE TABLE colors (id bigint PRIMARY KEY);
CREATE TABLE shifts (id bigint NOT NULL);
ALTER TABLE shifts ADD CONSTRAINT shifts_key PRIMARY KEY (id);
CREATE TEMPORARY TABLE chosen (id bigint);
CREATE TABLE customers_before AS SELECT * FROM public.customers;
CREATE TABLE steps (a integer);
DROP TABLE steps;
CREATE TABLE customers_next (LIKE public.customers INCLUDING ALL);
`));

it.each([[`CREATE TABLE events (id bigint NOT NULL, note text);`, `(id bigint PRIMARY KEY NOT NULL`]])(
  'offers a fix that makes id the primary key: %s',
  async (sql, expected) => {
    expect(await afterFix(sql)).toContain(expected);
  },
);

it('accepts a key of a later migration', () =>
  silentOn({
    '0002_change.up.sql': 'CREATE TABLE steps (id bigint NOT NULL);',
    '0003_key.up.sql': 'ALTER TABLE steps RENAME TO stages;\nALTER TABLE stages ADD PRIMARY KEY (id);',
  }));

it('is not verified if nothing ran', async () => {
  const [finding] = await bySyntax.reports(`CREATE TABLE steps (a integer);
          -- ^^^^^ table-without-primary-key
`);
  expect(finding?.verified).toBe(false);
  expect(finding && linesBelow(finding).at(-1)).toBe('Not verified: the statement did not run in the embedded database.');
});
