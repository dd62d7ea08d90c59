import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check as blockingLock } from './blocking-lock';
import { check } from './domain-constraint-validates';
import { applyFix, expectMarkers, findingsIn, startShadow } from './testing/sql-fixture';

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

it('reports the tables that are read, once', async () => {
  const fixture = {
    ...base,
    '0002_change.up.sql': `ALTER DOMAIN price ADD CONSTRAINT positive CHECK (VALUE > 0);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ domain-constraint-validates
`,
  };
  const [finding] = await expectMarkers(fixture, check, { shadow });
  expect(finding).toMatchObject({ severity: 'warning', verified: true });
  expect(finding?.message).toMatch(/^Writes of items and offers wait while the whole table is read \(SHARE lock\)\. Add it NOT VALID/);
  expect(await findingsIn(fixture, [blockingLock], { shadow })).toEqual([]);
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain('CHECK (VALUE > 0) NOT VALID;');
  expect(await findingsIn(fixed, [check], { shadow })).toEqual([]);
});

it('reports SET NOT NULL, and VALIDATE as what cannot be avoided', async () => {
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
    { severity: 'info', verified: true },
    { severity: 'warning', verified: true },
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

it('reports it where nothing says which tables use the domain', async () => {
  const sql = 'ALTER DOMAIN price ADD CONSTRAINT positive CHECK (VALUE > 0);';
  const [finding] = await findingsIn({ 'change.sql': sql }, [check], { shadow, loose: true });
  expect(finding).toMatchObject({ severity: 'warning', verified: false });
  expect(await findingsIn({ 'change.sql': sql.replace(';', ' NOT VALID;') }, [check], { shadow, loose: true })).toEqual([]);
});
