import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './unpinned-extension';
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

it('reports extensions without a version', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE EXTENSION pg_trgm;
              -- ^^^^^^^ unpinned-extension
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;
                            -- ^^^^^^ unpinned-extension
`,
    },
    check,
    options(),
  );
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P95'], verified: true });
  expect(findings[0]?.message).toBe('Servers may install different versions of pg_trgm: the script states no version');
  expect(findings[0]?.advice).toBe("State the version that you test with: CREATE EXTENSION pg_trgm VERSION '...';");
});

it('is silent on extensions with a version', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE EXTENSION hstore VERSION '1.8';
CREATE EXTENSION ltree VERSION '1.3';
ALTER EXTENSION ltree UPDATE;
`,
    },
    check,
    options(),
  );
});

it('is silent until the configuration gives it a severity', async () => {
  expect(await findingsIn({ ...base, '0002_change.up.sql': `CREATE EXTENSION pg_trgm;` }, [check], { shadow })).toEqual([]);
});
