import { expect, it } from 'vitest';
import { check } from './narrow-key';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check, shop);

it('reports keys of narrow types and names the limit', async () => {
  const findings = await reports(`CREATE TABLE invoices (id integer PRIMARY KEY, note text);
                       -- ^^^^^^^ narrow-key
CREATE TABLE visits (id serial PRIMARY KEY);
                     -- ^^^^^^ narrow-key
CREATE TABLE colors (id smallint, note text, CONSTRAINT colors_key PRIMARY KEY (id));
                     -- ^^^^^^^^ narrow-key
CREATE TABLE events (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
                     -- ^^^ narrow-key
`);
  expect(findings[2]).toMatchObject({ severity: 'hint', hazards: ['P75'], verified: true });
  expect(findings[1]?.message).toBe('Inserts fail once id reaches 2,147,483,647: the key is an integer');
  expect(findings[2]?.message).toBe('Inserts fail once id reaches 32,767: the key is a smallint');
  expect(findings[2]?.advice).toBe('Use bigint.');
});

it('is silent on wide keys, parts of keys and temporary tables', () =>
  silentOn(`CREATE TABLE invoices2 (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE lines (invoice_id bigint, line integer, PRIMARY KEY (invoice_id, line));
CREATE TABLE stock (id bigint PRIMARY KEY, amount integer);
CREATE TEMPORARY TABLE chosen (id integer PRIMARY KEY);
`));

it.each([
  [`CREATE TABLE invoices (id integer PRIMARY KEY, note text);`, `(id bigint PRIMARY KEY`],
  [`CREATE TABLE visits (id serial PRIMARY KEY);`, `(id bigserial PRIMARY KEY`],
])('offers a fix that widens the key: %s', async (sql, expected) => {
  expect(await afterFix(sql)).toContain(expected);
});
