import { expect, it } from 'vitest';
import { check } from './type-change-rechecks-constraints';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE memories (id int PRIMARY KEY, kind varchar(20) CHECK (kind <> ''), note varchar(20), weight int CHECK (weight > 0));
INSERT INTO memories VALUES (1, 'joke', 'n', 7);`;
const { reports, silentOn } = sqlCheck(check, base);

it('reports a change that checks every row again without a rewrite, and names the constraint', async () => {
  const [finding] = await reports(`ALTER TABLE memories ALTER COLUMN kind TYPE text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ type-change-rechecks-constraints
`);
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P18'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: ALTER COLUMN TYPE scans the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).toContain('DROP CONSTRAINT memories_kind_check, ALTER COLUMN kind TYPE text, ADD CONSTRAINT memories_kind_check');
});

it('is silent without a CHECK on the column, on a rewrite, and on its own advice', () =>
  silentOn(`ALTER TABLE memories ALTER COLUMN note TYPE text;
ALTER TABLE memories ALTER COLUMN weight TYPE bigint;
ALTER TABLE memories DROP CONSTRAINT memories_kind_check, ALTER COLUMN kind TYPE text, ADD CONSTRAINT memories_kind_check CHECK (kind <> '') NOT VALID;
`));
