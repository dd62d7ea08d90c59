import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './foreign-key-not-valid-on-partitions';
import { expectMarkers, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE org (id int PRIMARY KEY);
CREATE TABLE plain (id int, org_id int);
CREATE TABLE event (day date, org_id int) PARTITION BY RANGE (day);
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`,
};

it('is refused before PostgreSQL 18, also in a DO block and in a down script', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_key.up.sql': `ALTER TABLE event ADD CONSTRAINT event_org FOREIGN KEY (org_id) REFERENCES org NOT VALID;
--                                                                             ^^^^^^^^^ foreign-key-not-valid-on-partitions
DO $$ BEGIN ALTER TABLE public.event ADD FOREIGN KEY (org_id) REFERENCES org (id) NOT VALID; END $$;
--                                                                                ^^^^^^^^^ foreign-key-not-valid-on-partitions
`,
      '0003_no_key.up.sql': 'ALTER TABLE event DROP CONSTRAINT event_org;',
      '0003_no_key.down.sql': `ALTER TABLE event ADD CONSTRAINT event_org FOREIGN KEY (org_id) REFERENCES org NOT VALID;
--                                                                             ^^^^^^^^^ foreign-key-not-valid-on-partitions
`,
    },
    check,
    { shadow },
  );
  expect(findings[0]?.message).toBe('Fails on PostgreSQL 15: a foreign key of a partitioned table cannot be NOT VALID');
  expect(findings[0]?.advice).toContain('ALTER TABLE event_2026 ADD CONSTRAINT event_org FOREIGN KEY ... NOT VALID;');
});

it('works for other tables, other constraints and a partition', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_key.up.sql': `ALTER TABLE plain ADD FOREIGN KEY (org_id) REFERENCES org NOT VALID;
ALTER TABLE event_2026 ADD CONSTRAINT event_org FOREIGN KEY (org_id) REFERENCES org NOT VALID;
ALTER TABLE event ADD CHECK (org_id > 0) NOT VALID;
ALTER TABLE event ADD CONSTRAINT event_org FOREIGN KEY (org_id) REFERENCES org;`,
    },
    check,
    { shadow },
  );
});
