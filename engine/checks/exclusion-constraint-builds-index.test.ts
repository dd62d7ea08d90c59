import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './exclusion-constraint-builds-index';
import { expectMarkers, findingsIn, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE bookings (id bigint PRIMARY KEY, during tstzrange NOT NULL);
INSERT INTO bookings VALUES (1, '[2026-01-01, 2026-01-02)');`,
};

it('reports the build and that there is no way around it', async () => {
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
  expect(finding?.message).toMatch(/^Reads and writes of bookings wait .* no way to add an exclusion constraint to a table in use/);
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
