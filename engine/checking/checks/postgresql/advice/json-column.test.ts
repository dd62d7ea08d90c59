import { expect, it } from 'vitest';
import { check } from './json-column';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, shop);

it('reports json columns', async () => {
  const findings = await reports(`CREATE TABLE invoices (id bigint PRIMARY KEY, body json NOT NULL DEFAULT '{}');
                                                -- ^^^^ json-column
ALTER TABLE public.customers ADD COLUMN extra json;
                                           -- ^^^^ json-column
CREATE TABLE visits (id bigint PRIMARY KEY, data json);
                                              -- ^^^^ json-column
CREATE VIEW visit_kinds AS SELECT json_extract_path_text(data, 'kind') AS kind FROM visits;
`);
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P80'], verified: true });
  expect(findings[0]?.message).toBe('DISTINCT, GROUP BY and = fail on body: json has no equality operator');
  expect(findings[0]?.advice).toBe('Use jsonb, unless the text must keep its whitespace, key order and duplicate keys.');
});

it('is silent on jsonb and on json in queries', () =>
  silentOn(`CREATE TABLE events (id bigint PRIMARY KEY, body jsonb);
CREATE VIEW public.customer_objects AS SELECT row_to_json(c) AS body FROM public.customers c;
`));

it.each([
  [`CREATE TABLE invoices (id bigint PRIMARY KEY, body json NOT NULL DEFAULT '{}');`, `body jsonb NOT NULL`],
  [`ALTER TABLE public.customers ADD COLUMN extra json;`, `extra jsonb;`],
])('offers a fix that uses jsonb: %s', async (sql, expected) => {
  expect(await afterFix(sql)).toContain(expected);
});

it('offers no fix if expressions use the column', async () => {
  const [finding] = await findingsIn(`CREATE TABLE visits (id bigint PRIMARY KEY, data json);
CREATE VIEW visit_kinds AS SELECT json_extract_path_text(data, 'kind') AS kind FROM visits;`);
  expect(finding?.fixes).toEqual([]);
});
