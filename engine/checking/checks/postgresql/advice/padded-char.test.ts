import { expect, it } from 'vitest';
import { check } from './padded-char';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check, shop);

it('reports columns whose values are padded with blanks', async () => {
  const findings = await reports(`CREATE TABLE invoices (id bigint PRIMARY KEY, currency char(3) NOT NULL);
                                                    -- ^^^^^^^ padded-char
ALTER TABLE public.customers ADD COLUMN kind character;
                                          -- ^^^^^^^^^ padded-char
`);
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P78'], verified: true });
  expect(findings.map(({ message }) => message)).toEqual([
    'Pads values of currency with blanks to 3 characters',
    'Pads values of kind with blanks to 1 character',
  ]);
  expect(findings[0]?.advice).toBe('Use text. If every value has 3 characters, add CHECK (char_length(currency) = 3).');
});

it('is silent on text, varchar and "char"', () =>
  silentOn(`CREATE TABLE colors (id bigint PRIMARY KEY, code text CHECK (char_length(code) = 6));
CREATE TABLE events (id bigint PRIMARY KEY, kind character varying(20));
CREATE TABLE flags (id bigint PRIMARY KEY, flag "char");
`));

it.each([
  [`CREATE TABLE invoices (id bigint PRIMARY KEY, currency char(3) NOT NULL);`, `currency text NOT NULL`],
  [`ALTER TABLE public.customers ADD COLUMN kind character;`, `ADD COLUMN kind text;`],
])('offers a fix that uses text: %s', async (sql, expected) => {
  expect(await afterFix(sql)).toContain(expected);
});
