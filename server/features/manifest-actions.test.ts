import { expect, it } from 'vitest';
import { applyEdits } from '#engine/inputs/manifest/testing/apply-edits';
import { parseManifest } from '#engine/inputs/manifest/parse';
import { TestProject } from '../testing/test-project';
import { manifestActions } from './manifest-actions';

const manifest = `manifest: 1
system: mem8
releases:
  - version: 1.0.0
    migrations: [0001_memories] # the first
  - version: 2.0.0
    migrations:
      - { id: 0002_kind, phase: expand }
      - { id: 0003_gone, phase: contract }
      - 0009_new
`;
const test = await TestProject.open({
  'upgrade.yaml': manifest,
  'migrations/0001_memories.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, old text);\n',
  'migrations/0002_kind.up.sql': 'ALTER TABLE memories ADD kind text;\n',
  'migrations/0002_kind.down.sql': 'ALTER TABLE memories DROP kind;\n',
  'migrations/0003_gone.up.sql': 'ALTER TABLE memories DROP old;\n',
  'migrations/0004_more.up.sql': 'ALTER TABLE memories ADD more text;\n',
});

function actionsAt(needle: string, { project } = test) {
  const offset = test.offset('upgrade.yaml', needle);
  return manifestActions(project, { start: offset, end: offset });
}

/** The edits of an action. */
async function edits(needle: string, title: string) {
  const actions = await actionsAt(needle);
  expect(actions.map((action) => action.title)).toContain(title);
  return actions.find((action) => action.title === title)?.edits ?? [];
}

/** The manifest after an action, which must parse without problems. */
async function after(needle: string, title: string) {
  const text = applyEdits(manifest, await edits(needle, title));
  const document = parseManifest('/project/upgrade.yaml', text);
  expect(document.problems).toEqual([]);
  return { text, releases: document.manifest?.releases.map(({ version, migrations }) => [version, migrations]) };
}

it('offers what can be done with a release and a migration', async () => {
  expect((await actionsAt('0001_memories')).map(({ title }) => title)).toEqual([
    'Create the down script of 0001_memories',
    'Add 0004_more to release 1.0.0',
    'Add the phases of the migrations of 1.0.0',
    'Record the hashes of the migrations of 1.0.0, so that later edits are errors',
    'Make 1.0.0 a required stop',
  ]);
  expect(await actionsAt('system')).toEqual([]);
});

it('adds a migration to a release', async () => {
  const { text } = await after('0001_memories', 'Add 0004_more to release 1.0.0');
  expect(text).toContain('[0001_memories, 0004_more] # the first');
});

it('writes a down script that undoes the migration', async () => {
  expect(await edits('0001_memories', 'Create the down script of 0001_memories')).toMatchObject([
    { file: '/project/migrations/0001_memories.down.sql', newText: 'DROP TABLE memories;\n' },
  ]);
});

it('creates the scripts of a migration that is only named', async () => {
  const created = await edits('0009_new', 'Create the scripts of 0009_new');
  expect(created.map(({ file }) => file)).toEqual(['/project/migrations/0009_new.up.sql', '/project/migrations/0009_new.down.sql']);
});

it('moves what contracts into a release of its own', async () => {
  const { releases } = await after('version: 2.0.0', 'Move the contract migrations of 2.0.0 to a new release 2.1.0');
  expect(releases?.slice(1)).toEqual([
    ['2.0.0', [{ id: '0002_kind', phase: 'expand' }, '0009_new']],
    ['2.1.0', [{ id: '0003_gone', phase: 'contract' }]],
  ]);
});

it('writes the phases of migrations', async () => {
  const { releases } = await after('0001_memories', 'Add the phases of the migrations of 1.0.0');
  expect(releases?.[0]).toEqual(['1.0.0', [{ id: '0001_memories', phase: 'expand' }]]);
});

it('writes the hashes of migrations that have a script', async () => {
  const title = 'Record the hashes of the migrations of 2.0.0, so that later edits are errors';
  const { releases } = await after('0002_kind', title);
  const hash = expect.stringMatching(/^sha256:/);
  expect(releases?.[1]?.[1]).toMatchObject([{ hash }, { hash }, '0009_new']);
});

it('adds a stop', async () => {
  expect((await after('version: 2.0.0', 'Make 2.0.0 a required stop')).text).toMatch(/\nstops: \[2\.0\.0\]\n$/);
});
