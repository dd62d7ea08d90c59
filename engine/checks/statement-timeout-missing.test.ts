import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './statement-timeout-missing';
import { applyFix, expectMarkers, findingsIn, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = { '0001_base.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);' };

/** As where the configuration asks for it. */
const chosen = { ...check, optIn: false };

it('reports the first lock of a script that sets no statement_timeout, and sets it by a fix', async () => {
  const fixture = {
    ...base,
    '0002_note.up.sql': `SET LOCAL lock_timeout = '5s';
ALTER TABLE memories ADD COLUMN note text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statement-timeout-missing
CREATE INDEX memories_note ON memories (note);
`,
  };
  const [finding] = await expectMarkers(fixture, chosen, { shadow });
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_note.up.sql']).toContain("\nSET LOCAL statement_timeout = '30s';\nALTER TABLE");
  expect(await findingsIn(fixed, [chosen], { shadow })).toEqual([]);
});

it('reports nothing unless it is asked for', async () => {
  await expectMarkers({ ...base, '0002_note.up.sql': 'ALTER TABLE memories ADD COLUMN note text;' }, check, { shadow });
});

it('is silent where the timeout is set and where no table in use is locked', async () => {
  const sql = "SET statement_timeout = '10s'; ALTER TABLE memories ADD COLUMN note text;";
  await expectMarkers({ ...base, '0002_note.up.sql': sql }, chosen, { shadow });
  await expectMarkers({ ...base, '0002_new.up.sql': 'CREATE TABLE notes (id int); DROP TABLE notes;' }, chosen, { shadow });
});
