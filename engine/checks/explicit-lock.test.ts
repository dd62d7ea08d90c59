import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './explicit-lock';
import { expectMarkers, findingsIn, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = { '0001_base.up.sql': 'CREATE TABLE memories (id int PRIMARY KEY, kind text);' };

it('reports locks that make others wait, and what runs under them', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_lock.up.sql': `BEGIN;
LOCK TABLE memories IN SHARE ROW EXCLUSIVE MODE;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ explicit-lock
UPDATE memories SET kind = 'joke';
COMMIT;
BEGIN;
LOCK memories;
--^^^^^^^^^^^ explicit-lock
COMMIT;
`,
    },
    check,
    { shadow },
  );
  expect(findings[0]).toMatchObject({ verified: true, severity: 'warning', hazards: ['P32'] });
  expect(findings[0]?.message).toMatch(
    /^Writes of memories wait from here until the transaction ends, while another statement runs \(SHARE ROW EXCLUSIVE lock\)/,
  );
  expect(findings[1]?.message).toMatch(/^Reads and writes of memories wait from here until the transaction ends \(ACCESS EXCLUSIVE lock\)/);
});

it('is silent on locks that nobody waits for and on tables that are new', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_lock.up.sql': `BEGIN;
LOCK TABLE memories IN ACCESS SHARE MODE;
LOCK TABLE memories IN SHARE UPDATE EXCLUSIVE MODE;
CREATE TABLE fresh (id int);
LOCK TABLE fresh;
COMMIT;
`,
    },
    check,
    { shadow },
  );
});

it('says where the table is not at hand', async () => {
  const [finding] = await findingsIn({ 'lock.sql': 'BEGIN;\nLOCK TABLE orders;\nCOMMIT;\n' }, [check], { loose: true });
  expect(finding?.verified).toBe(false);
});
