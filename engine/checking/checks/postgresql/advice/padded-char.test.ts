import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './padded-char';
import { applyFix, expectMarkers, findingsIn, type FixtureOptions, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE public.customers (id bigint CONSTRAINT customers_key PRIMARY KEY, name text NOT NULL);
CREATE TABLE public.orders (id bigint CONSTRAINT orders_key PRIMARY KEY, customer_id bigint NOT NULL, note text, created_at timestamptz,
  CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES public.customers ON DELETE RESTRICT);
CREATE INDEX orders_customer_idx ON public.orders (customer_id);
`,
};
const options = (): FixtureOptions => ({ shadow, configuration: { advice: 'hint' } });

it('reports columns whose values are padded with blanks', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY, currency char(3) NOT NULL);
                                                    -- ^^^^^^^ padded-char
ALTER TABLE public.customers ADD COLUMN kind character;
                                          -- ^^^^^^^^^ padded-char
`,
    },
    check,
    options(),
  );
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P78'], verified: true });
  expect(findings.map(({ message }) => message)).toEqual([
    'Pads values of currency with blanks to 3 characters',
    'Pads values of kind with blanks to 1 character',
  ]);
  expect(findings[0]?.advice).toBe('Use text. If every value has 3 characters, add CHECK (char_length(currency) = 3).');
});

it('is silent on text, varchar and "char"', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE colors (id bigint PRIMARY KEY, code text CHECK (char_length(code) = 6));
CREATE TABLE events (id bigint PRIMARY KEY, kind character varying(20));
CREATE TABLE flags (id bigint PRIMARY KEY, flag "char");
`,
    },
    check,
    options(),
  );
});

it('is a hint unless the configuration gives it another severity', async () => {
  const found = await findingsIn(
    { ...base, '0002_change.up.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY, currency char(3) NOT NULL);` },
    [check],
    { shadow },
  );
  expect(found.map(({ severity }) => severity)).toEqual(['hint']);
});

it.each([
  [`CREATE TABLE invoices (id bigint PRIMARY KEY, currency char(3) NOT NULL);`, `currency text NOT NULL`],
  [`ALTER TABLE public.customers ADD COLUMN kind character;`, `ADD COLUMN kind text;`],
])('offers a fix that uses text: %s', async (sql, expected) => {
  const fixture = { ...base, '0002_change.up.sql': sql };
  const [finding] = await findingsIn(fixture, [check], options());
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain(expected);
  expect(await findingsIn(fixed, [check], options())).toEqual([]);
});
