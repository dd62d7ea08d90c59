import { beforeAll, describe, expect, it } from 'vitest';
import type { TextEdit } from '../../../core/finding';
import { memoryFiles } from '../../../host/memory-files';
import { layoutNames } from '../../../core/scripts';
import { readMigrations } from '../../scripts/index';
import { loadSqlParser } from '../../../databases/postgresql/sql/library';
import { parseStatements } from '../../../databases/postgresql/sql/parser';
import type { ManifestPath } from '../document';
import { parseManifest } from '../parse';
import { applyEdits } from '../testing/apply-edits';
import { addKey, addToList, setEntryKeys, takeEntries } from './lists';
import { phaseOf } from './migration-phase';
import { newMigrationFiles } from './new-migration';
import { nextVersions } from './next-versions';
import { splitRelease } from './split-release';

beforeAll(loadSqlParser);

const document = (text: string) => parseManifest('/upgrade.yaml', text);
const edited = (text: string, edit: TextEdit | readonly TextEdit[] | undefined) =>
  edit === undefined ? undefined : applyEdits(text, 'newText' in edit ? [edit] : edit);

describe('adding to a list', () => {
  const list: ManifestPath = ['releases', 0, 'migrations'];
  const cases: [what: string, before: string, after: string][] = [
    ['brackets', 'releases:\n  - { version: 1.0.0, migrations: [a] }\n', 'releases:\n  - { version: 1.0.0, migrations: [a, x] }\n'],
    [
      'empty brackets',
      'releases:\n  - version: 1.0.0\n    migrations: [] # none\n',
      'releases:\n  - version: 1.0.0\n    migrations: [x] # none\n',
    ],
    ['a trailing comma', 'releases:\n  - migrations: [\n      a,\n    ]\n', 'releases:\n  - migrations: [\n      a, x\n    ]\n'],
    [
      'lines with comments',
      'releases:\n  - migrations:\n    - a # first\n    # last\nstops: []\n',
      'releases:\n  - migrations:\n    - a # first\n    - x\n    # last\nstops: []\n',
    ],
    ['a key without a value', 'releases:\n  - migrations: # soon\n', 'releases:\n  - migrations: # soon\n      - x\n'],
    [
      'a release without the list',
      'releases:\n  - version: 1.0.0 # first\n\nstops: []\n',
      'releases:\n  - version: 1.0.0 # first\n    migrations: [x]\n\nstops: []\n',
    ],
    ['a release in braces', 'releases: [{ version: 1.0.0 }]\n', 'releases: [{ version: 1.0.0, migrations: [x] }]\n'],
    ['other line ends', 'releases:\r\n  - migrations:\r\n      - a\r\n', 'releases:\r\n  - migrations:\r\n      - a\r\n      - x\r\n'],
  ];
  it.each(cases)('works with %s', (_, before, after) => expect(edited(before, addToList(document(before), list, ['x']))).toBe(after));

  it('leaves lists alone that an alias brings', () => {
    expect(addToList(document('a: &l [b]\nreleases:\n  - migrations: *l\n'), list, ['x'])).toBeUndefined();
  });

  it('adds keys to the root', () => {
    const text = 'releases:\n  - version: 1.0.0\n    migrations:\n      - a # x\n';
    expect(edited(text, addToList(document(text), ['stops'], ['1.0.0']))).toBe(`${text.trimEnd()}\nstops: [1.0.0]\n`);
    expect(addKey(document('- a\n'), ['b'], 'c: d')).toBeUndefined();
  });
});

it('sets keys of entries of every form', () => {
  const text =
    'releases:\n  - migrations:\n      - a # note\n      - { id: b, phase: expand }\n      - id: c # note\n        online: true\n';
  const set = (index: number, id: string) =>
    edited(text, setEntryKeys(document(text), ['releases', 0, 'migrations', index], id, { phase: 'contract' }));
  expect(set(0, 'a')).toContain('- { id: a, phase: contract } # note\n');
  expect(set(1, 'b')).toContain('- { id: b, phase: contract }\n');
  expect(set(2, 'c')).toContain('- id: c # note\n        phase: contract\n        online: true\n');
});

it('takes entries out of lists', () => {
  const flow = 'releases:\n  - migrations: [a, b, c]\n';
  const take = (text: string, indexes: number[]) => {
    const taken = takeEntries(document(text), ['releases', 0, 'migrations'], indexes) ?? [];
    return [
      taken.map((entry) => entry.text),
      applyEdits(
        text,
        taken.map(({ removal }) => removal),
      ),
    ];
  };
  expect(take(flow, [0])).toEqual([['a'], 'releases:\n  - migrations: [b, c]\n']);
  expect(take(flow, [2])).toEqual([['c'], 'releases:\n  - migrations: [a, b]\n']);
  expect(take(flow, [1, 2])).toEqual([['b', 'c'], 'releases:\n  - migrations: [a]\n']);
  expect(take(flow, [0, 1, 2])).toEqual([['a', 'b', 'c'], 'releases:\n  - migrations: []\n']);
  const block = 'releases:\n  - migrations:\n      - id: a\n        phase: expand\n      # b\n      - b # note\n';
  expect(take(block, [0])).toEqual([['id: a\nphase: expand'], 'releases:\n  - migrations:\n      # b\n      - b # note\n']);
});

describe('splitting a release that expands and contracts', () => {
  const head = 'manifest: 1\nsystem: s\nreleases:\n';
  it('moves what contracts into a release after it', () => {
    const text = `${head}  - version: 1.0.0\n    migrations:\n      - { id: a, phase: expand }\n      # goes\n      - id: b\n        phase: contract\n    notes: n\n  - version: 2.0.0\n`;
    const split = splitRelease(document(text), 0);
    expect(split?.version).toBe('1.1.0');
    expect(edited(text, split?.edits)).toBe(
      `${head}  - version: 1.0.0\n    migrations:\n      - { id: a, phase: expand }\n      # goes\n    notes: n\n  - version: 1.1.0\n    migrations:\n      - id: b\n        phase: contract\n  - version: 2.0.0\n`,
    );
  });

  it('works at the end of the text and in brackets', () => {
    const block = `${head}  - version: 1.0.0\n    migrations:\n      - { id: a, phase: expand }\n      - { id: b, phase: contract }`;
    const flow = `${head}  - version: 1.0.0\n    migrations: [{ id: a, phase: expand }, { id: b, phase: contract }]\n`;
    for (const text of [block, flow]) {
      const after = document(edited(text, splitRelease(document(text), 0)?.edits) ?? '');
      expect(after.problems).toEqual([]);
      expect(after.manifest?.releases.map(({ version, migrations }) => [version, migrations])).toEqual([
        ['1.0.0', [{ id: 'a', phase: 'expand' }]],
        ['1.1.0', [{ id: 'b', phase: 'contract' }]],
      ]);
    }
  });

  it('says no where there is nothing to split or no version between', () => {
    const text = (next: string) =>
      `${head}  - version: 1.0.0\n    migrations: [{ id: a, phase: expand }, { id: b, phase: contract }]\n  - version: ${next}\n`;
    expect(splitRelease(document(text('1.0.1')), 0)).toBeUndefined();
    expect(splitRelease(document(text('1.0.2')), 0)?.version).toBe('1.0.1');
    expect(splitRelease(document(text('2.0.0')), 1)).toBeUndefined();
  });
});

it('tells the phase of a script by what it does', () => {
  const phase = (sql: string) => phaseOf(parseStatements(sql));
  expect(phase("SET lock_timeout = '2s'; CREATE TABLE a (id int); CREATE INDEX b ON a (id);")).toBe('expand');
  expect(phase('ALTER TABLE a ADD b int; ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0);')).toBeUndefined();
  expect(phase('UPDATE a SET b = 1; ALTER TABLE a VALIDATE CONSTRAINT c;')).toBe('migrate');
  expect(phase('ALTER TABLE a DROP COLUMN b; DROP TABLE c;')).toBe('contract');
  expect(phase('ALTER TABLE a ADD b int NOT NULL;')).toBe('contract');
  expect(phase('DO $$ BEGIN END $$;')).toBeUndefined();
  expect(phase('CREATE TABLE')).toBeUndefined();
});

it('writes the files of a migration so that the layout reads them', async () => {
  const ids: Record<string, string> = { flyway: 'V3__new', diesel: '2024-01-01-000000_new', prisma: '20240101000000_new' };
  for (const layout of layoutNames) {
    const id = ids[layout] ?? '0003_new';
    const files = newMigrationFiles({ path: '/m', layout, migrations: [] }, id);
    if (['atlas', 'sqitch', 'loose'].includes(layout)) {
      expect(files).toEqual([]);
      continue;
    }
    const read = await readMigrations(memoryFiles(Object.fromEntries(files.map(({ file, text }) => [file, text]))), '/m', layout);
    expect(read.ok && read.value.migrations.map((migration) => migration.id), layout).toEqual([id]);
    if (layout !== 'prisma' && layout !== 'supabase') expect(read.ok && read.value.migrations[0]?.down, layout).toBeDefined();
  }
  expect(newMigrationFiles({ path: '/m', layout: 'plain', migrations: [] }, '../x')).toEqual([]);
});

it('names the versions that may follow', () => {
  expect(nextVersions('1.2.3').map(({ version }) => version)).toEqual(['1.2.4', '1.3.0', '2.0.0']);
  expect(nextVersions('2.0.0-rc.1')).toEqual([
    { version: '2.0.0-rc.2', bump: 'prerelease' },
    { version: '2.0.0', bump: 'release' },
  ]);
  expect(nextVersions('1.0')).toEqual([]);
});
