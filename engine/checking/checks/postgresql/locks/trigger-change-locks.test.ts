import { expect, it } from 'vitest';
import { check } from './trigger-change-locks';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE memories (id int PRIMARY KEY);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER old BEFORE UPDATE ON memories FOR EACH ROW EXECUTE FUNCTION note();`;
const { findingsIn, reports, silentOn } = sqlCheck(check, base);

it('reports the queue behind CREATE and DROP TRIGGER as a hint', async () => {
  const findings = await reports(`CREATE TRIGGER new BEFORE UPDATE ON memories FOR EACH ROW EXECUTE FUNCTION note();
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ trigger-change-locks
DROP TRIGGER old ON memories;
--^^^^^^^^^^^^^^^^^^^^^^^^^^ trigger-change-locks
`);
  expect(findings[0]).toMatchObject({ verified: true, severity: 'hint', hazards: ['P27'] });
  expect(findings.map(({ message }) => message)).toEqual([
    'Queues writes to memories while CREATE TRIGGER waits for SHARE ROW EXCLUSIVE',
    'Queues reads and writes of memories while DROP TRIGGER waits for ACCESS EXCLUSIVE',
  ]);
});

it('reports DISABLE TRIGGER, also if only the syntax is known', async () => {
  const [finding] = await findingsIn('ALTER TABLE memories DISABLE TRIGGER old;\n', { loose: true, shadow: false });
  expect(finding).toMatchObject({ verified: false, severity: 'hint' });
});

it('is silent with a lock_timeout, on new tables, and under a lock that is already held', async () => {
  const trigger = (table: string) => `CREATE TRIGGER new BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION note();\n`;
  await silentOn(`SET lock_timeout = '2s';\n${trigger('memories')}`);
  await silentOn(`CREATE TABLE fresh (id int);\n${trigger('fresh')}`);
  await silentOn(`ALTER TABLE memories ADD COLUMN a int;\n${trigger('memories')}`);
});

it('treats a lock_timeout of 0 as no timeout', async () => {
  const script = 'SET lock_timeout = 0;\nDROP TRIGGER old ON memories;\n';
  expect(await findingsIn(script)).toHaveLength(1);
});
