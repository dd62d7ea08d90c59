import { expect, it } from 'vitest';
import { check as blockingLock } from './blocking-lock';
import { check } from './domain-constraint-validates';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE DOMAIN price AS integer;
CREATE DOMAIN unused AS integer;
CREATE TABLE items (id bigint PRIMARY KEY, cost price);
CREATE TABLE offers (id bigint PRIMARY KEY, cost price);`;
const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, base);
const loose = sqlCheck(check, '', { loose: true });

it('reports the tables that are scanned, once', async () => {
  const script = `ALTER DOMAIN price ADD CONSTRAINT positive CHECK (VALUE > 0);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ domain-constraint-validates
`;
  const [finding] = await reports(script);
  expect(finding).toMatchObject({ severity: 'warning', verified: true });
  expect(finding?.message).toBe('Blocks writes to items and offers: ALTER DOMAIN scans the tables (SHARE)');
  expect(finding?.advice).toBe(
    'Add the constraint NOT VALID, which skips the scan, and validate it in a later migration when the load is low: ALTER DOMAIN price VALIDATE CONSTRAINT positive;',
  );
  await sqlCheck(blockingLock, base).silentOn(script);
  expect(await afterFix(script)).toContain('CHECK (VALUE > 0) NOT VALID;');
});

it('names as many tables as the headline has room for', async () => {
  const tables = ['items_of_shops', 'offers_of_shops', 'discounts', 'returns'];
  const fixture = {
    '0001_base.up.sql': `CREATE DOMAIN price AS integer; ${tables.map((name) => `CREATE TABLE ${name} (cost price);`).join(' ')}`,
    '0002_change.up.sql': 'ALTER DOMAIN price ADD CONSTRAINT positive CHECK (VALUE > 0);',
  };
  const [finding] = await sqlCheck(check).findingsIn(fixture);
  expect(finding?.message).toBe('Blocks writes to discounts, items_of_shops and 2 more: ALTER DOMAIN scans them (SHARE)');
});

it('reports SET NOT NULL, and VALIDATE as information', async () => {
  const findings = await findingsIn({
    '0002_change.up.sql': 'ALTER DOMAIN price ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;',
    '0003_change.up.sql': 'ALTER DOMAIN price VALIDATE CONSTRAINT positive;',
    '0004_change.up.sql': 'ALTER DOMAIN price SET NOT NULL;',
  });
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

it('is silent on a domain that no table uses, and on other changes', () =>
  silentOn(`ALTER DOMAIN unused ADD CONSTRAINT positive CHECK (VALUE > 0);
ALTER DOMAIN price SET DEFAULT 1;
ALTER DOMAIN price DROP NOT NULL;
`));

it('reports it where it is unknown which tables use the domain', async () => {
  const sql = 'ALTER DOMAIN price ADD CONSTRAINT positive CHECK (VALUE > 0);';
  const [finding] = await loose.findingsIn(sql);
  expect(finding).toMatchObject({
    severity: 'warning',
    verified: false,
    message: 'Blocks writes to all tables that use price: ALTER DOMAIN scans them (SHARE)',
  });
  await loose.silentOn(sql.replace(';', ' NOT VALID;'));
});
