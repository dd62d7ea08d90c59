import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './tightened-column';
import { expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE orders (id bigint PRIMARY KEY, note text, state text NOT NULL DEFAULT 'new', total int);
CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);
CREATE TYPE mood AS ENUM ('ok', 'bad');
INSERT INTO orders VALUES (1, 'a', 'new', 3);`,
};

it('reports a column that becomes required', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders ALTER COLUMN note SET NOT NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ tightened-column
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('Refuses NULL in orders.note, which earlier releases may write');
  expect(finding?.advice).toBe('Release code that obeys the rule first, and tighten the table when no earlier release runs.');
  expect(finding).toMatchObject({ verified: true, severity: 'info' });
});

it('reports a CHECK, also one that is not valid yet', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ tightened-column
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('Refuses rows of orders that violate positive, which earlier releases may write');
});

it('lists several rules of one statement below the headline', async () => {
  const change = 'ALTER TABLE orders ALTER COLUMN note SET NOT NULL, ADD CHECK (total > 0) NOT VALID;\n';
  const [finding] = await expectMarkers(
    { ...base, '0002_change.up.sql': `${change}--${'^'.repeat(change.length - 4)} tightened-column\n` },
    check,
    {
      shadow,
    },
  );
  expect(finding?.message).toBe('Refuses rows of orders, which earlier releases may write');
  expect(finding?.details).toBe('It refuses NULL in orders.note and rows of orders that violate the new CHECK.');
});

it('is silent on new columns and new tables', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders ADD COLUMN extra int DEFAULT 1;
ALTER TABLE orders ALTER COLUMN extra SET NOT NULL;
CREATE TABLE scratch (a int);
ALTER TABLE scratch ALTER a SET NOT NULL;
`,
    },
    check,
    { shadow },
  );
});

const unchanged = 'ALTER TABLE orders ALTER COLUMN state SET NOT NULL;\n';

it('is silent about a column that is NOT NULL already, with and without an observation', async () => {
  const fixture = { ...base, '0002_change.up.sql': `${unchanged}DO $$ BEGIN ${unchanged} END $$;\n` };
  expect(await findingsIn(fixture, [check], { shadow })).toEqual([]);
  expect(await findingsIn(fixture, [check])).toEqual([]);
});

it('names of several columns only those that were nullable', async () => {
  const fixture = {
    ...base,
    '0002_change.up.sql': 'ALTER TABLE orders ALTER COLUMN state SET NOT NULL, ALTER COLUMN note SET NOT NULL;\n',
  };
  for (const options of [{ shadow }, {}]) {
    const findings = await findingsIn(fixture, [check], options);
    expect(findings.map(({ message }) => message)).toEqual(['Refuses NULL in orders.note, which earlier releases may write']);
  }
});

it('reports a column that an earlier script made nullable again', async () => {
  const fixture = {
    ...base,
    '0002_loose.up.sql': 'ALTER TABLE orders ALTER COLUMN state DROP NOT NULL;\n',
    '0003_block.up.sql': 'DO $$ BEGIN ALTER TABLE orders ALTER COLUMN total SET NOT NULL; END $$;\n',
    '0004_change.up.sql': unchanged,
  };
  for (const options of [{ shadow }, {}]) {
    const findings = await findingsIn(fixture, [check], options);
    expect(findings.map(({ message }) => message)).toContain('Refuses NULL in orders.state, which earlier releases may write');
    expect(findings).toHaveLength(2);
  }
});
