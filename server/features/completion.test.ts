import { expect, it } from 'vitest';
import { TestProject } from '../testing/test-project';
import { completion } from './completion';

const manifest = `manifest: 1
system: mem8
channels: [candidate, stable]
systems:
  billing: billing/upgrade.yaml
releases:
  - version: 1.0.0
    features: { search: preview }
    migrations: [0001_memories]
  - version: 1.1.0
    features: { search: stable, wave: preview }
  #HERE
stops: [1.0.0]
`;

const files = {
  'migrations/0001_memories.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY);\n',
  'migrations/0002_kind.sql': 'ALTER TABLE memories ADD kind text;\n',
  'api/rest.yaml': 'openapi: 3.1.0\n',
  'api/notes.md': '',
  'billing/upgrade.yaml': 'manifest: 1\nsystem: billing\nreleases:\n  - version: 2.3.0\n',
};

/** What is offered at `|` when the marked lines stand at the end of the releases. */
async function offered(marked: string) {
  const text = manifest.replace('  #HERE\n', `${marked.replace('|', '')}\n`);
  const test = await TestProject.open({ ...files, 'upgrade.yaml': text });
  return completion(test.manifestPlace, test.position('upgrade.yaml', `${marked.replace('|', '')}\n`, marked.indexOf('|')));
}

const cases: [what: string, marked: string, wanted: string[], unwanted: string[]][] = [
  ['the next versions', '  - version: |', ['1.1.1', '1.2.0', '2.0.0'], ['1.1.0']],
  [
    'the release before, a range to this one, and compatible ones',
    '  - version: 2.0.0\n    from: |',
    ['"1.1.0"', '">=1.1.0 <2.0.0"', '">=1.0.0 <2.0.0"', '"^1.0.0"'],
    [],
  ],
  ['migrations that are in no release', '  - version: 2.0.0\n    migrations:\n      - |', ['0002_kind'], ['0001_memories']],
  ['migrations in brackets', '  - { version: 2.0.0, migrations: [|', ['0002_kind'], ['0001_memories']],
  ['features of earlier releases', '  - version: 2.0.0\n    features:\n      |', ['search', 'wave'], []],
  ['features to depend on', '  - version: 2.0.0\n    features: { a: { stage: stable, needs: [|', ['search', 'wave'], ['a']],
  ['channels of the system', '  - version: 2.0.0\n    channels: [|', ['candidate', 'stable'], []],
  ['earlier releases to go back to', '  - version: 2.0.0\n    downgrade: |', ['1.1.0', '1.0.0'], ['2.0.0']],
  ['other systems', '  - version: 2.0.0\n    requires: { |', ['billing', 'postgresql'], []],
  ['releases of another system', '  - version: 2.0.0\n    requires: { billing: |', ['"^2.3.0"', '">=2.3.0"'], []],
  ['descriptions of APIs', '  - version: 2.0.0\n    apis: { rest: api/|', ['api/rest.yaml'], ['api/notes.md']],
  ['folders', '  - version: 2.0.0\n    queries: |', ['api', 'migrations'], []],
  ['releases that are no stop yet', 'stops: [|', ['1.1.0'], []],
  ['checks and groups of checks', 'checks: { |', ['locks', 'missing-down'], []],
  ['severities', 'checks:\n  locks: |', ['error', 'off'], []],
  ['targets', 'targets:\n  |', ['local', 'production'], []],
  ['keys that a release does not have yet', '  - version: 2.0.0\n    |', ['features', 'from'], ['version']],
  ['phases', '  - version: 2.0.0\n    migrations: [{ id: 0002_kind, phase: |', ['expand', 'contract'], []],
];

it.each(cases)('offers %s', async (_, marked, wanted, unwanted) => {
  const labels = (await offered(marked)).map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining(wanted));
  expect(labels.filter((label) => unwanted.includes(label))).toEqual([]);
});

it('writes a feature with the stage that it had last, and a space after a colon', async () => {
  const feature = (await offered('  - version: 2.0.0\n    features:\n      |')).find(({ label }) => label === 'search');
  expect(feature?.textEdit?.newText).toBe('search: stable');
  const version = (await offered('  - version:|')).find(({ label }) => label === '1.2.0');
  expect(version).toMatchObject({ detail: 'the next minor after 1.1.0', textEdit: { newText: ' 1.2.0' } });
});

it('replaces the quotes that are typed already', async () => {
  const marked = '  - version: 2.0.0\n    from: "^|"';
  const range = (await offered(marked)).find(({ label }) => label === '"^1.0.0"');
  expect(range?.textEdit).toMatchObject({ newText: '"^1.0.0"', range: { start: { character: 10 }, end: { character: 13 } } });
});
