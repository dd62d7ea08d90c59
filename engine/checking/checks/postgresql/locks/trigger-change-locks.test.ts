import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './trigger-change-locks';
import { expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE memories (id int PRIMARY KEY);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER old BEFORE UPDATE ON memories FOR EACH ROW EXECUTE FUNCTION note();`,
};

it('reports the queue behind CREATE and DROP TRIGGER as a hint', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_trigger.up.sql': `CREATE TRIGGER new BEFORE UPDATE ON memories FOR EACH ROW EXECUTE FUNCTION note();
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ trigger-change-locks
DROP TRIGGER old ON memories;
--^^^^^^^^^^^^^^^^^^^^^^^^^^ trigger-change-locks
`,
    },
    check,
    { shadow },
  );
  expect(findings[0]).toMatchObject({ verified: true, severity: 'hint', hazards: ['P27'] });
  expect(findings.map(({ message }) => message)).toEqual([
    'Queues writes to memories while CREATE TRIGGER waits for SHARE ROW EXCLUSIVE',
    'Queues reads and writes of memories while DROP TRIGGER waits for ACCESS EXCLUSIVE',
  ]);
});

it('reports DISABLE TRIGGER, also if only the syntax is known', async () => {
  const [finding] = await findingsIn({ 'change.sql': 'ALTER TABLE memories DISABLE TRIGGER old;\n' }, [check], { loose: true });
  expect(finding).toMatchObject({ verified: false, severity: 'hint' });
});

it('is silent with a lock_timeout, on new tables, and under a lock that is already held', async () => {
  const trigger = (table: string) => `CREATE TRIGGER new BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION note();\n`;
  await expectMarkers({ ...base, '0002_a.up.sql': `SET lock_timeout = '2s';\n${trigger('memories')}` }, check, { shadow });
  await expectMarkers({ ...base, '0002_a.up.sql': `CREATE TABLE fresh (id int);\n${trigger('fresh')}` }, check, { shadow });
  await expectMarkers({ ...base, '0002_a.up.sql': `ALTER TABLE memories ADD COLUMN a int;\n${trigger('memories')}` }, check, { shadow });
});

it('treats a lock_timeout of 0 as no timeout', async () => {
  const fixture = { ...base, '0002_a.up.sql': 'SET lock_timeout = 0;\nDROP TRIGGER old ON memories;\n' };
  expect(await findingsIn(fixture, [check], { shadow })).toHaveLength(1);
});
