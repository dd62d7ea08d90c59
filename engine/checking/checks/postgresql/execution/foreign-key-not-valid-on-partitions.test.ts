import { expect, it } from 'vitest';
import { check } from './foreign-key-not-valid-on-partitions';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE org (id int PRIMARY KEY);
CREATE TABLE plain (id int, org_id int);
CREATE TABLE event (day date, org_id int) PARTITION BY RANGE (day);
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`;
const { reports, silentOn } = sqlCheck(check, base);

it('is refused before PostgreSQL 18, also in a DO block and in a down script', async () => {
  const findings = await reports({
    '0002_key.up.sql': `ALTER TABLE event ADD CONSTRAINT event_org FOREIGN KEY (org_id) REFERENCES org NOT VALID;
--                                                                             ^^^^^^^^^ foreign-key-not-valid-on-partitions
DO $$ BEGIN ALTER TABLE public.event ADD FOREIGN KEY (org_id) REFERENCES org (id) NOT VALID; END $$;
--                                                                                ^^^^^^^^^ foreign-key-not-valid-on-partitions
`,
    '0003_no_key.up.sql': 'ALTER TABLE event DROP CONSTRAINT event_org;',
    '0003_no_key.down.sql': `ALTER TABLE event ADD CONSTRAINT event_org FOREIGN KEY (org_id) REFERENCES org NOT VALID;
--                                                                             ^^^^^^^^^ foreign-key-not-valid-on-partitions
`,
  });
  expect(findings[0]?.message).toBe('Fails on PostgreSQL 15: a foreign key of a partitioned table cannot be NOT VALID');
  expect(findings[0]?.advice).toContain('ALTER TABLE event_2026 ADD CONSTRAINT event_org FOREIGN KEY ... NOT VALID;');
});

it('works for other tables, other constraints and a partition', () =>
  silentOn(`ALTER TABLE plain ADD FOREIGN KEY (org_id) REFERENCES org NOT VALID;
ALTER TABLE event_2026 ADD CONSTRAINT event_org FOREIGN KEY (org_id) REFERENCES org NOT VALID;
ALTER TABLE event ADD CHECK (org_id > 0) NOT VALID;
ALTER TABLE event ADD CONSTRAINT event_org FOREIGN KEY (org_id) REFERENCES org;`));
