import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check as blockingLock } from './blocking-lock';
import { check } from './domain-constraint-validates';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE DOMAIN price AS integer;
CREATE DOMAIN unused AS integer;
CREATE TABLE items (id bigint PRIMARY KEY, cost price);
CREATE TABLE offers (id bigint PRIMARY KEY, cost price);`,
};

it('reports the tables that are scanned, once', async () => {
  const fixture = {
    ...base,
    '0002_change.up.sql': `ALTER DOMAIN price ADD CONSTRAINT positive CHECK (VALUE > 0);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ domain-constraint-validates
`,
  };
  const [finding] = await expectMarkers(fixture, check, { shadow });
  expect(finding).toMatchObject({ severity: 'warning', verified: true });
  expect(finding?.message).toBe('Blocks writes to items and offers: ALTER DOMAIN scans the tables (SHARE)');
  expect(finding?.advice).toBe(
    'Add the constraint NOT VALID, which skips the scan, and validate it in a later migration when the load is low: ALTER DOMAIN price VALIDATE CONSTRAINT positive;',
  );
  expect(await findingsIn(fixture, [blockingLock], { shadow })).toEqual([]);
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain('CHECK (VALUE > 0) NOT VALID;');
  expect(await findingsIn(fixed, [check], { shadow })).toEqual([]);
});

it('names as many tables as the headline has room for', async () => {
  const tables = ['items_of_shops', 'offers_of_shops', 'discounts', 'returns'];
  const fixture = {
    '0001_base.up.sql': `CREATE DOMAIN price AS integer; ${tables.map((name) => `CREATE TABLE ${name} (cost price);`).join(' ')}`,
    '0002_change.up.sql': 'ALTER DOMAIN price ADD CONSTRAINT positive CHECK (VALUE > 0);',
  };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  expect(finding?.message).toBe('Blocks writes to discounts, items_of_shops and 2 more: ALTER DOMAIN scans them (SHARE)');
});

it('reports SET NOT NULL, and VALIDATE as information', async () => {
  const findings = await findingsIn(
    {
      ...base,
      '0002_change.up.sql': 'ALTER DOMAIN price ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;',
      '0003_change.up.sql': 'ALTER DOMAIN price VALIDATE CONSTRAINT positive;',
      '0004_change.up.sql': 'ALTER DOMAIN price SET NOT NULL;',
    },
    [check],
    { shadow },
  );
  expect(findings).toMatchObject([
    {
      severity: 'info',
      verified: true,
      advice: 'Run it when the load is low. PostgreSQL cannot validate a domain constraint without blocking writes.',
    },
    {
      severity: 'warning',
      verified: true,
      advice: expect.stringMatching(/ADD CONSTRAINT price_not_null CHECK \(VALUE IS NOT NULL\) NOT VALID;$/),
    },
  ]);
});

it('is silent on a domain that no table uses, and on other changes', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER DOMAIN unused ADD CONSTRAINT positive CHECK (VALUE > 0);
ALTER DOMAIN price SET DEFAULT 1;
ALTER DOMAIN price DROP NOT NULL;
`,
    },
    check,
    { shadow },
  );
});

it('reports it where it is unknown which tables use the domain', async () => {
  const sql = 'ALTER DOMAIN price ADD CONSTRAINT positive CHECK (VALUE > 0);';
  const [finding] = await findingsIn({ 'change.sql': sql }, [check], { shadow, loose: true });
  expect(finding).toMatchObject({
    severity: 'warning',
    verified: false,
    message: 'Blocks writes to all tables that use price: ALTER DOMAIN scans them (SHARE)',
  });
  expect(await findingsIn({ 'change.sql': sql.replace(';', ' NOT VALID;') }, [check], { shadow, loose: true })).toEqual([]);
});
