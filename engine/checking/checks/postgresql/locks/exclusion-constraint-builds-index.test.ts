import { expect, it } from 'vitest';
import { check } from './exclusion-constraint-builds-index';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE bookings (id bigint PRIMARY KEY, during tstzrange NOT NULL);
INSERT INTO bookings VALUES (1, '[2026-01-01, 2026-01-02)');`;
const { findingsIn, reports, silentOn } = sqlCheck(check, base);

it('reports the build and that it cannot run without the lock', async () => {
  const [finding] = await reports(`ALTER TABLE bookings ADD EXCLUDE USING gist (during WITH &&);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ exclusion-constraint-builds-index
`);
  expect(finding).toMatchObject({ verified: true, hazards: ['P7'] });
  expect(finding).toMatchObject({
    message: 'Blocks reads and writes of bookings: ADD CONSTRAINT scans the table (ACCESS EXCLUSIVE)',
    details: 'An exclusion constraint cannot be NOT VALID, and its index cannot be built CONCURRENTLY.',
    advice:
      'Create a new table with the constraint, fill it in batches and swap the tables, or add the constraint while the system is down.',
  });
});

it('is silent on tables that are new', () =>
  silentOn('CREATE TABLE fresh (during tstzrange);\nALTER TABLE fresh ADD EXCLUDE USING gist (during WITH &&);\n'));

it('judges by the syntax where nothing was observed, and says so', async () => {
  const sql = 'ALTER TABLE bookings ADD EXCLUDE USING gist (during WITH &&);\n';
  const [finding] = await findingsIn(sql, { loose: true, shadow: false });
  expect(finding?.verified).toBe(false);
});
