import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './truncate';
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

it('reports the rows that go and the lock', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `TRUNCATE lines;
--^^^^^^^^^^^^ truncate
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('Deletes every row of lines under an ACCESS EXCLUSIVE lock');
  expect(finding).toMatchObject({ verified: true });
});

it('names the tables that CASCADE empties', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `TRUNCATE orders CASCADE;
--^^^^^^^^^^^^^^^^^^^^^ truncate
`,
    },
    check,
    { shadow },
  );
  expect(finding?.details).toMatch(/CASCADE also truncates lines\./);
});

it('is silent on a table of the same release', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE scratch (id int);
TRUNCATE scratch;
`,
    },
    check,
    { shadow },
  );
});

it('does not tell the partitions of what is named as emptied by CASCADE', async () => {
  const base = {
    '0001_log.up.sql': `CREATE TABLE log (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`,
  };
  const [finding] = await findingsIn({ ...base, '0002_empty.up.sql': 'TRUNCATE log;' }, [check], { shadow });
  expect(finding?.message).toMatch(/^Deletes every row of log /);
  expect(finding?.details).not.toContain('CASCADE');
});
