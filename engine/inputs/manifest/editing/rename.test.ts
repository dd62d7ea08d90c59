import { describe, expect, it } from 'vitest';
import { memoryFiles } from '../../../host/memory-files';
import { readMigrations } from '../../scripts/index';
import type { LayoutName } from '../../../core/scripts';
import { parseManifest } from '../parse';
import { applyEdits } from '../testing/apply-edits';
import { followRenames, rename, thingAt } from './rename';

const text = `manifest: 1
system: s
channels: [stable]
migrations: { directory: migrations, baseline: db/schema.sql }
releases:
  - version: 1.0.0
    features: { search: stable }
    channels: ["stable"]
    migrations: [0001_a]
  - version: 2.0.0
    from: ">=1.0.0 <2.0.0"
    requires: { search: ">=1.0.0" }
    features: { wave: { stage: stable, needs: [search] } }
    migrations:
      - { id: "0002_b", feature: search }
stops: [1.0.0]
`;
const document = parseManifest('/p/upgrade.yaml', text);

async function directory(layout: LayoutName, names: readonly string[]) {
  if (names.length === 0) return undefined;
  const read = await readMigrations(
    memoryFiles(Object.fromEntries(names.map((name) => [`/p/migrations/${name}`, 'SELECT 1;\n']))),
    '/p/migrations',
    layout,
  );
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

async function renamed(needle: string, newName: string, layout: LayoutName = 'plain', names: readonly string[] = []) {
  const thing = thingAt(document, text.indexOf(needle));
  if (!thing) throw new Error(`nothing at ${needle}`);
  const outcome = rename(document, await directory(layout, names), thing, newName);
  if (!outcome.ok) return outcome.problem.message;
  const changed = applyEdits(text, outcome.value.edits).split('\n');
  const lines = changed.filter((line, index) => line !== text.split('\n')[index]).map((line) => line.trim());
  return [...lines, ...outcome.value.files.map(({ from, to }) => `${from.slice(14)} -> ${to.slice(14)}`)];
}

describe('renaming', () => {
  it('follows a release into ranges and lists, and not into the versions of others', async () => {
    expect(await renamed('1.0.0', '1.1.0')).toEqual(['- version: 1.1.0', 'from: ">=1.1.0 <2.0.0"', 'stops: [1.1.0]']);
    expect(await renamed('1.0.0 <', '1.1.0')).toHaveLength(3);
  });

  it('follows a feature and a channel', async () => {
    expect(await renamed('search: stable', 'find')).toEqual([
      'features: { find: stable }',
      'features: { wave: { stage: stable, needs: [find] } }',
      '- { id: "0002_b", feature: find }',
    ]);
    expect(await renamed('stable]', 'public')).toEqual(['channels: [public]', 'channels: ["public"]']);
  });

  it('renames the files of a migration in every form', async () => {
    expect(await renamed('0002_b', '0002_c', 'plain', ['0002_b.up.sql', '0002_b.down.sql', '0002_b.verify.sql'])).toEqual([
      '- { id: "0002_c", feature: search }',
      '0002_b.up.sql -> 0002_c.up.sql',
      '0002_b.down.sql -> 0002_c.down.sql',
      '0002_b.verify.sql -> 0002_c.verify.sql',
    ]);
    expect(await renamed('0002_b', '0003_c', 'diesel', ['0002_b/up.sql', '0002_b/down.sql'])).toContain('0002_b -> 0003_c');
    expect(await renamed('0002_b', '0003_c', 'golang-migrate', ['0002_b.up.sql', '0002_other.down.sql'])).toContain(
      '0002_other.down.sql -> 0003_c.down.sql',
    );
  });

  it('refuses names that cannot be', async () => {
    const names = ['0001_a.sql', '0002_b.sql'];
    expect(await renamed('0002_b', '0001_a', 'plain', names)).toBe('There is already a migration 0001_a.');
    expect(await renamed('0002_b', 'b', 'plain', names)).toBe('plain does not recognise the name b.sql.');
    expect(await renamed('1.0.0', '2.0.0')).toBe('There is already a release 2.0.0.');
    expect(await renamed('1.0.0', '1.1')).toBe('1.1 is not a semantic version.');
    expect(await renamed('search: stable', 'a b')).toBe('a b cannot be used as a name.');
  });

  it('finds nothing to rename in other words', () => {
    expect(thingAt(document, text.indexOf('system'))).toBeUndefined();
    expect(thingAt(document, text.indexOf('>='))).toBeUndefined();
  });
});

describe('following renamed files', () => {
  const follow = async (layout: LayoutName, names: readonly string[], from: string, to: string) => {
    const { edits, files } = followRenames(document, await directory(layout, names), [{ from: `/p/${from}`, to: `/p/${to}` }]);
    const changed = applyEdits(text, edits).split('\n');
    const lines = changed.filter((line, index) => line !== text.split('\n')[index]).map((line) => line.trim());
    return [...lines, ...files.map((file) => `${file.from.slice(3)} -> ${file.to.slice(3)}`)];
  };

  it('takes the other scripts along', async () => {
    expect(await follow('plain', ['0001_a.up.sql', '0001_a.down.sql'], 'migrations/0001_a.down.sql', 'migrations/0001_z.down.sql')).toEqual(
      ['migrations: [0001_z]', 'migrations/0001_a.up.sql -> migrations/0001_z.up.sql'],
    );
    expect(await follow('diesel', ['0001_a/up.sql'], 'migrations/0001_a', 'migrations/0001_z')).toEqual(['migrations: [0001_z]']);
  });

  it('does nothing for files that stop being scripts or go elsewhere', async () => {
    expect(await follow('plain', ['0001_a.up.sql'], 'migrations/0001_a.up.sql', 'migrations/0001_a.txt')).toEqual([]);
    expect(await follow('plain', ['0001_a.up.sql'], 'migrations/0001_a.up.sql', 'old/0001_z.up.sql')).toEqual([]);
  });

  it('follows paths', async () => {
    expect(await follow('plain', [], 'migrations', 'db/changes')).toEqual([
      'migrations: { directory: db/changes, baseline: db/schema.sql }',
    ]);
    expect(await follow('plain', [], 'db', 'database')).toEqual(['migrations: { directory: migrations, baseline: database/schema.sql }']);
  });
});
