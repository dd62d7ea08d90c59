import { expect, it } from 'vitest';
import { check } from './table-locked-repeatedly';
import { sqlCheck } from '../../testing/sql-check';

const base = 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);';
const { reports, silentOn } = sqlCheck(check, base);

/** Release 1.0.0 has the base; the others are given. */
function manifest(...releases: readonly string[]): string {
  const rest = releases.map((migrations, index) => `  - version: 1.${index + 1}.0\n    migrations: [${migrations}]\n`);
  return `manifest: 1\nsystem: mem8\nreleases:\n  - version: 1.0.0\n    migrations: [0001_base]\n${rest.join('')}`;
}

it('reports the second migration of a release that locks a table, and where the others do', async () => {
  const [finding] = await reports({
    'upgrade.yaml': manifest('0002_note, 0003_index, 0004_weight'),
    '0002_note.up.sql': 'ALTER TABLE memories ADD COLUMN note text;',
    '0003_index.up.sql': `CREATE TABLE waves (id bigint PRIMARY KEY);
CREATE INDEX memories_note ON memories (note);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ table-locked-repeatedly
`,
    '0004_weight.up.sql': 'ALTER TABLE memories ADD COLUMN weight int;',
  });
  expect(finding).toMatchObject({ severity: 'info', hazards: ['P39'], verified: true });
  expect(finding?.message).toBe('3 migrations of release 1.1.0 each lock memories');
  expect(finding?.related.map(({ file }) => file.replace(/^.*\//, ''))).toEqual(['0002_note.up.sql', '0004_weight.up.sql']);
});

it('is silent across releases, on tables of the same release, and if writes continue', () =>
  silentOn({
    'upgrade.yaml': manifest('0002_note, 0003_waves, 0004_waves, 0005_concurrent', '0006_weight'),
    '0002_note.up.sql': 'ALTER TABLE memories ADD COLUMN note text;',
    '0003_waves.up.sql': 'CREATE TABLE waves (id bigint PRIMARY KEY); ALTER TABLE waves ADD COLUMN kind text;',
    '0004_waves.up.sql': 'ALTER TABLE waves ADD COLUMN note text;',
    '0005_concurrent.up.sql': 'CREATE INDEX CONCURRENTLY memories_note ON memories (note);',
    '0006_weight.up.sql': 'ALTER TABLE memories ADD COLUMN weight int;',
  }));

it('is silent without releases', () =>
  silentOn({
    '0002_note.up.sql': 'ALTER TABLE memories ADD COLUMN note text;',
    '0003_weight.up.sql': 'ALTER TABLE memories ADD COLUMN weight int;',
  }));
