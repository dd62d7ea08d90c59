import { expect, it } from 'vitest';
import { check } from './missing-down';
import { sqlCheck } from '../../testing/sql-check';
import { check as downFails } from './down-fails';
import { check as downIncomplete } from './down-incomplete';

const { silentOn } = sqlCheck(check);
const bySyntax = sqlCheck(check, '', { shadow: false });

it('reports a migration whose neighbours have down scripts', async () => {
  const [finding] = await bySyntax.reports({
    '0001_a.up.sql': 'CREATE TABLE t (id int);',
    '0001_a.down.sql': 'DROP TABLE t;',
    '0002_b.up.sql': `ALTER TABLE t ADD COLUMN a int;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^ missing-down
`,
  });
  expect(finding?.message).toBe('0002_b has no down script: a rollback has to restore a backup');
});

/** Migrations of which the first ones have a down script. */
const directory = (all: number, withDown: number) =>
  Object.fromEntries(
    Array.from({ length: all }, (_, index) => [
      [`000${index}_a.up.sql`, `CREATE TABLE item_${index} (id int PRIMARY KEY);`],
      ...(index < withDown ? [[`000${index}_a.down.sql`, `DROP TABLE item_${index};`]] : []),
    ]).flat(),
  ) as Record<string, string>;

it.each([
  [5, 4, ['warning']],
  [6, 4, ['info', 'info']],
  [3, 1, []],
  [3, 0, []],
  [2, 0, ['warning', 'warning']],
])('goes by the custom of the directory: %i migrations, %i with a down', async (all, withDown, severities) => {
  const found = await bySyntax.findingsIn(directory(all, withDown));
  expect(found.map(({ severity }) => severity)).toEqual(severities);
});

it('expects one in every migration of a release that is left by down scripts', async () => {
  const manifest = 'manifest: 1\nsystem: shop\nreleases:\n  - version: 1.0.0\n    migrations: [0000_a, 0001_a, 0002_a]\n';
  const found = await bySyntax.findingsIn({ 'upgrade.yaml': manifest, ...directory(3, 0) });
  expect(found.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning']);
});

it('accepts a reason in the manifest', () =>
  bySyntax.silentOn({
    'upgrade.yaml':
      'manifest: 1\nsystem: mem8\nreleases:\n  - version: 1.0.0\n    migrations: [{ id: 0001_a, irreversible: rows are deleted }]\n',
    '0001_a.up.sql': 'CREATE TABLE t (id int);',
  }));

it('accepts a release that is left by restoring', () =>
  bySyntax.silentOn({
    'upgrade.yaml': 'manifest: 1\nsystem: mem8\nreleases:\n  - version: 1.0.0\n    rollback: restore\n    migrations: [0001_a]\n',
    '0001_a.up.sql': 'CREATE TABLE t (id int);',
  }));

it('offers a down script that restores the schema, as the round trip shows', async () => {
  const up = `CREATE TYPE mood AS ENUM ('calm', 'wild');
CREATE TABLE notes (id int, "order" mood);
CREATE UNIQUE INDEX notes_id ON notes (id);
ALTER TABLE t ADD COLUMN note int, ADD CONSTRAINT t_note CHECK (note > 0);
ALTER TABLE t RENAME COLUMN a TO b;
`;
  const fixture = {
    '0001_a.up.sql': 'CREATE TABLE t (id int, a int);',
    '0001_a.down.sql': 'DROP TABLE t;',
    '0002_b.up.sql': up,
  };
  const [finding] = await bySyntax.findingsIn(fixture);
  const edit = finding?.fixes[0]?.edits[0];
  expect(edit?.file).toMatch(/0002_b\.down\.sql$/);
  const mended = { ...fixture, '0002_b.down.sql': edit?.newText ?? '' };
  await silentOn(mended, { also: [downFails, downIncomplete] });
});

it('offers none where the up script does not tell what was there', async () => {
  const fixture = {
    '0001_a.up.sql': 'CREATE TABLE t (a int);',
    '0001_a.down.sql': 'DROP TABLE t;',
    '0002_b.up.sql': 'ALTER TABLE t DROP COLUMN a;',
  };
  expect((await bySyntax.findingsIn(fixture)).map(({ fixes }) => fixes)).toEqual([[]]);
});
