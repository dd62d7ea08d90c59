import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './statement-timeout-missing';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = { '0001_base.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);' };

/** As if the configuration gave it a severity. */
const chosen = { ...check, optIn: false };

it('reports the first lock of a script without statement_timeout, and offers a fix that sets it', async () => {
  const fixture = {
    ...base,
    '0002_note.up.sql': `SET LOCAL lock_timeout = '5s';
ALTER TABLE memories ADD COLUMN note text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statement-timeout-missing
CREATE INDEX memories_note ON memories (note);
`,
  };
  const [finding] = await expectMarkers(fixture, chosen, { shadow });
  expect(finding?.message).toBe('Locks memories with no time limit: no statement_timeout is set');
  expect(finding?.advice).toMatch(/^Set statement_timeout to the longest time that the lock may be held/);
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_note.up.sql']).toContain("\nSET LOCAL statement_timeout = '30s';\nALTER TABLE");
  expect(await findingsIn(fixed, [chosen], { shadow })).toEqual([]);
});

it('is silent until the configuration gives it a severity', async () => {
  await expectMarkers({ ...base, '0002_note.up.sql': 'ALTER TABLE memories ADD COLUMN note text;' }, check, { shadow });
});

it('is silent if the timeout is set or no table in use is locked', async () => {
  const sql = "SET statement_timeout = '10s'; ALTER TABLE memories ADD COLUMN note text;";
  await expectMarkers({ ...base, '0002_note.up.sql': sql }, chosen, { shadow });
  await expectMarkers({ ...base, '0002_new.up.sql': 'CREATE TABLE notes (id int); DROP TABLE notes;' }, chosen, { shadow });
});
