import { expect, it } from 'vitest';
import { check } from './column-alignment';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check, shop, { configuration: { advice: 'hint' } });

it('reports orders that leave gaps and counts the bytes', async () => {
  const findings =
    await reports(`CREATE TABLE invoices (a boolean, id bigint PRIMARY KEY, b boolean, total bigint, c boolean, tax bigint, d boolean);
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
`);
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P96'], verified: true });
  expect(findings[0]?.message).toBe('Wastes at least 24 bytes in each row of invoices: alignment padding between columns');
  expect(findings[0]?.advice).toMatch(/variable length last: id, total, tax, a, b, c, d\.$/);
});

it('is silent on good orders, small gains and unknown lengths', () =>
  silentOn(`CREATE TABLE events (id bigint PRIMARY KEY, at timestamptz, kind integer, a boolean, b boolean, note text);
CREATE TABLE shifts (a boolean, id bigint PRIMARY KEY, b boolean);
CREATE TABLE mails (subject text, id bigint PRIMARY KEY, body text, at timestamptz, box text, size bigint);
`));

it('is silent until the configuration gives it a severity', () =>
  sqlCheck(check, shop).silentOn(
    `CREATE TABLE invoices (a boolean, id bigint PRIMARY KEY, b boolean, total bigint, c boolean, tax bigint, d boolean);`,
  ));

it.each([
  [
    `CREATE TABLE invoices (a boolean, id bigint PRIMARY KEY, b boolean, total bigint, c boolean, tax bigint, d boolean);`,
    `(id bigint PRIMARY KEY, total bigint, tax bigint, a boolean, b boolean, c boolean, d boolean)`,
  ],
])('offers a fix that orders the columns: %s', async (sql, expected) => {
  expect(await afterFix(sql)).toContain(expected);
});
