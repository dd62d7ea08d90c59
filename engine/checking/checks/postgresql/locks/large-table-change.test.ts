import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './large-table-change';
import { expectMarkers, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = { '0001_base.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);' };
const large = { 'public.memories': 5_000_000 };

it('reports a brief lock on a large table, at the first statement that takes it', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_note.up.sql': `ALTER TABLE memories ADD COLUMN note text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ large-table-change
ALTER TABLE memories ADD COLUMN weight int;
`,
    },
    check,
    { shadow, sizes: large },
  );
  expect(finding).toMatchObject({ severity: 'warning', hazards: ['P40'], verified: true });
  expect(finding).toMatchObject({
    message: 'Queues reads and writes of memories while ADD COLUMN waits for ACCESS EXCLUSIVE',
    advice: "Run it when the load is low, with a lock timeout, and retry: SET LOCAL lock_timeout = '2s';",
  });
  expect(finding?.details).toMatch(/^memories has 5,000,000 rows\. The lock itself is brief/);
});

it('leaves long work to the check that reports it', async () => {
  await expectMarkers({ ...base, '0002_index.up.sql': 'CREATE INDEX memories_kind ON memories (kind);' }, check, { shadow, sizes: large });
});

it('is silent on small tables, on tables of unknown size and on locks that do not block writes', async () => {
  const alter = { ...base, '0002_note.up.sql': 'ALTER TABLE memories ADD COLUMN note text;' };
  await expectMarkers(alter, check, { shadow, sizes: { 'public.memories': 5000 } });
  await expectMarkers(alter, check, { shadow });
  const quiet = { ...base, '0002_quiet.up.sql': "COMMENT ON TABLE memories IS 'all of them';" };
  await expectMarkers(quiet, check, { shadow, sizes: large });
});
