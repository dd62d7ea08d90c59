import { expect, it } from 'vitest';
import { check } from './large-table-change';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);');
const large = { 'public.memories': 5_000_000 };

it('reports a brief lock on a large table, at the first statement that takes it', async () => {
  const [finding] = await reports(
    `ALTER TABLE memories ADD COLUMN note text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ large-table-change
ALTER TABLE memories ADD COLUMN weight int;
`,
    { sizes: large },
  );
  expect(finding).toMatchObject({ severity: 'warning', hazards: ['P40'], verified: true });
  expect(finding).toMatchObject({
    message: 'Queues reads and writes of memories while ADD COLUMN waits for ACCESS EXCLUSIVE',
    advice: "Run it when the load is low, with a lock timeout, and retry: SET LOCAL lock_timeout = '2s';",
  });
  expect(finding?.details).toMatch(/^memories has 5,000,000 rows\. The lock itself is brief/);
});

it('leaves long work to the check that reports it', () => silentOn('CREATE INDEX memories_kind ON memories (kind);', { sizes: large }));

it('is silent on small tables, on tables of unknown size and on locks that do not block writes', async () => {
  const alter = 'ALTER TABLE memories ADD COLUMN note text;';
  await silentOn(alter, { sizes: { 'public.memories': 5000 } });
  await silentOn(alter);
  const quiet = "COMMENT ON TABLE memories IS 'all of them';";
  await silentOn(quiet, { sizes: large });
});
