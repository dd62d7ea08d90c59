import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './constrained-domain';
import { expectMarkers, findingsIn, type FixtureOptions, startShadow } from '../../testing/sql-fixture';

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

it('reports domains with constraints', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
    -- ^^^^^^^^^^^^ constrained-domain
CREATE DOMAIN amount AS numeric NOT NULL DEFAULT 0;
    -- ^^^^^^^^^^^^^ constrained-domain
`,
    },
    check,
    options(),
  );
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P88'], verified: true });
  expect(findings[0]?.message).toBe('Constrains domain email: changing the constraint scans every table that uses it');
  expect(findings[0]?.advice).toBe('Use the base type, and add the constraint to each table.');
});

it('is silent on domains without constraints and on constraints of tables', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE DOMAIN money_amount AS numeric DEFAULT 0;
CREATE TABLE mails (id bigint PRIMARY KEY, address text CHECK (address LIKE '%@%'));
`,
    },
    check,
    options(),
  );
});

it('is a hint unless the configuration gives it another severity', async () => {
  const found = await findingsIn({ ...base, '0002_change.up.sql': `CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');` }, [check], {
    shadow,
  });
  expect(found.map(({ severity }) => severity)).toEqual(['hint']);
});
