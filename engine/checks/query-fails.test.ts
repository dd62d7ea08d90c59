import { beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './query-fails';
import { expectMarkers, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});

const fixture = (first: string, second: string, query: string) => ({
  'upgrade.yaml': `manifest: 1
system: mem8
releases:
  - version: 1.0.0
    queries: queries/1.0.sql
    migrations: [${first}]
  - version: 2.0.0
    migrations: [${second}]
`,
  '0001_base.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY);',
  '0002_note.up.sql': 'ALTER TABLE memories ADD COLUMN note text;',
  '../queries/1.0.sql': query,
});

it('marks the place that the server names, and the release that comes too late with what the query needs', async () => {
  const query = 'SELECT id, note FROM memories;\n--         ^^^^^^^^^^^^^^^^^^ query-fails\n';
  const [finding] = await expectMarkers(fixture('0001_base', '0002_note', query), check, { shadow });
  expect(finding?.message).toMatch(/^Release 1\.0\.0 fails .* column "note" does not exist.*release 2\.0\.0 make it work/);
});

it('is silent where the own release has what the query needs', async () => {
  await expectMarkers(fixture('0001_base, 0002_note', '', 'SELECT id, note FROM memories;'), check, { shadow });
});
