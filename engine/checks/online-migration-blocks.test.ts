import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './online-migration-blocks';
import { manifestText } from './testing/manifest-fixture';
import { expectMarkers, findingsIn, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const manifest = (online: string) =>
  manifestText(`releases:
  - { version: 1.0.0, migrations: [0001_base] }
  - { version: 1.1.0, migrations: [{ id: 0002_change${online} }] }
`);
const base = {
  '0001_base.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);',
  'upgrade.yaml': manifest(', online: true'),
};

it('reports statements that keep others waiting while a table is read or rewritten', async () => {
  const change = `ALTER TABLE memories ALTER COLUMN kind SET NOT NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ online-migration-blocks
CREATE INDEX memories_kind ON memories (kind);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ online-migration-blocks
`;
  const [finding] = await findingsIn({ ...base, '0002_change.up.sql': change }, [check], { shadow });
  expect(finding).toMatchObject({ severity: 'error', verified: true });
  expect(finding?.message).toMatch(/^Reads and writes of memories wait while the whole table is read/);
  expect(finding?.related[0]?.file).toBe('/project/upgrade.yaml');
  await expectMarkers({ ...base, '0002_change.up.sql': change }, check, { shadow });
});

it('leaves instant locks, new tables and migrations without the promise alone', async () => {
  const harmless = `ALTER TABLE memories ADD COLUMN note text;
CREATE TABLE notes (id bigint);
CREATE INDEX notes_id ON notes (id);
`;
  await expectMarkers({ ...base, '0002_change.up.sql': harmless }, check, { shadow });
  const blocking = 'ALTER TABLE memories ALTER COLUMN kind SET NOT NULL;';
  for (const online of ['', ', online: false']) {
    await expectMarkers({ ...base, 'upgrade.yaml': manifest(online), '0002_change.up.sql': blocking }, check, { shadow });
  }
});
