import { expect, it } from 'vitest';
import { check } from './tightened-column';
import { orders } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn } = sqlCheck(check, orders);

it('reports a column that becomes required', async () => {
  const [finding] = await reports(`ALTER TABLE orders ALTER COLUMN note SET NOT NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ tightened-column
`);
  expect(finding?.message).toBe('Refuses NULL in orders.note, which earlier releases may write');
  expect(finding?.advice).toBe('Release code that obeys the rule first, and tighten the table when no earlier release runs.');
  expect(finding).toMatchObject({ verified: true, severity: 'info' });
});

it('reports a CHECK, also one that is not valid yet', async () => {
  const [finding] = await reports(`ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ tightened-column
`);
  expect(finding?.message).toBe('Refuses rows of orders that violate positive, which earlier releases may write');
});

it('lists several rules of one statement below the headline', async () => {
  const change = 'ALTER TABLE orders ALTER COLUMN note SET NOT NULL, ADD CHECK (total > 0) NOT VALID;\n';
  const [finding] = await reports(`${change}--${'^'.repeat(change.length - 4)} tightened-column\n`);
  expect(finding?.message).toBe('Refuses rows of orders, which earlier releases may write');
  expect(finding?.details).toBe('It refuses NULL in orders.note and rows of orders that violate the new CHECK.');
});

it('is silent on new columns and new tables', () =>
  silentOn(`ALTER TABLE orders ADD COLUMN extra int DEFAULT 1;
ALTER TABLE orders ALTER COLUMN extra SET NOT NULL;
CREATE TABLE scratch (a int);
ALTER TABLE scratch ALTER a SET NOT NULL;
`));

const unchanged = 'ALTER TABLE orders ALTER COLUMN state SET NOT NULL;\n';

it('is silent about a column that is NOT NULL already, with and without an observation', async () => {
  const script = `${unchanged}DO $$ BEGIN ${unchanged} END $$;\n`;
  await silentOn(script);
  await silentOn(script, { shadow: false });
});

it('names of several columns only those that were nullable', async () => {
  const script = 'ALTER TABLE orders ALTER COLUMN state SET NOT NULL, ALTER COLUMN note SET NOT NULL;\n';
  for (const shadow of [true, false]) {
    const findings = await findingsIn(script, { shadow });
    expect(findings.map(({ message }) => message)).toEqual(['Refuses NULL in orders.note, which earlier releases may write']);
  }
});

it('reports a column that an earlier script made nullable again', async () => {
  const fixture = {
    '0002_loose.up.sql': 'ALTER TABLE orders ALTER COLUMN state DROP NOT NULL;\n',
    '0003_block.up.sql': 'DO $$ BEGIN ALTER TABLE orders ALTER COLUMN total SET NOT NULL; END $$;\n',
    '0004_change.up.sql': unchanged,
  };
  for (const shadow of [true, false]) {
    const findings = await findingsIn(fixture, { shadow });
    expect(findings.map(({ message }) => message)).toContain('Refuses NULL in orders.state, which earlier releases may write');
    expect(findings).toHaveLength(2);
  }
});
