import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './exclusion-constraint-builds-index';
import { expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE bookings (id bigint PRIMARY KEY, during tstzrange NOT NULL);
INSERT INTO bookings VALUES (1, '[2026-01-01, 2026-01-02)');`,
};

it('reports the build and that it cannot run without the lock', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_exclude.up.sql': `ALTER TABLE bookings ADD EXCLUDE USING gist (during WITH &&);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ exclusion-constraint-builds-index
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ verified: true, hazards: ['P7'] });
  expect(finding).toMatchObject({
    message: 'Blocks reads and writes of bookings: ADD CONSTRAINT scans the table (ACCESS EXCLUSIVE)',
    details: 'An exclusion constraint cannot be NOT VALID, and its index cannot be built CONCURRENTLY.',
    advice:
      'Create a new table with the constraint, fill it in batches and swap the tables, or add the constraint while the system is down.',
  });
});

it('is silent on tables that are new', async () => {
  const sql = 'CREATE TABLE fresh (during tstzrange);\nALTER TABLE fresh ADD EXCLUDE USING gist (during WITH &&);\n';
  await expectMarkers({ ...base, '0002_new.up.sql': sql }, check, { shadow });
});

it('judges by the syntax where nothing was observed, and says so', async () => {
  const sql = 'ALTER TABLE bookings ADD EXCLUDE USING gist (during WITH &&);\n';
  const [finding] = await findingsIn({ 'change.sql': sql }, [check], { loose: true });
  expect(finding?.verified).toBe(false);
});
