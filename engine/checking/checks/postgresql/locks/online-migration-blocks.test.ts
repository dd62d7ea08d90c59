import { expect, it } from 'vitest';
import { check } from './online-migration-blocks';
import { sqlCheck } from '../../testing/sql-check';
import { manifestText } from '../../testing/manifest-check';

const manifest = (online: string) =>
  manifestText(`releases:
  - { version: 1.0.0, migrations: [0001_base] }
  - { version: 1.1.0, migrations: [{ id: 0002_change${online} }] }
`);
const base = {
  '0001_base.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);',
  'upgrade.yaml': manifest(', online: true'),
};
const { findingsIn, reports, silentOn } = sqlCheck(check, base);

it('reports statements that block reads or writes while they scan a table', async () => {
  const change = `ALTER TABLE memories ALTER COLUMN kind SET NOT NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ online-migration-blocks
CREATE INDEX memories_kind ON memories (kind);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ online-migration-blocks
`;
  const [finding, index] = await findingsIn({ '0002_change.up.sql': change });
  expect(finding).toMatchObject({ severity: 'error', verified: true });
  expect(finding?.message).toBe('Blocks reads and writes of memories, but 0002_change is marked online');
  expect(finding?.advice).toBe('Split the work as the other findings at this statement say. Or remove `online: true` and plan downtime.');
  expect(finding?.related[0]).toMatchObject({ file: '/project/upgrade.yaml', message: 'Marks the migration as online.' });
  expect(index?.message).toBe('Blocks reads and writes of memories, but 0002_change is marked online');
  await reports({ '0002_change.up.sql': change });
});

it('is silent on brief locks, new tables and migrations that are not marked online', async () => {
  const harmless = `ALTER TABLE memories ADD COLUMN note text;
CREATE TABLE notes (id bigint);
CREATE INDEX notes_id ON notes (id);
`;
  await silentOn({ '0002_change.up.sql': harmless });
  const blocking = 'ALTER TABLE memories ALTER COLUMN kind SET NOT NULL;';
  for (const online of ['', ', online: false']) {
    await silentOn({ 'upgrade.yaml': manifest(online), '0002_change.up.sql': blocking });
  }
});
