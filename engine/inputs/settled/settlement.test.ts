import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joined } from '../../core/paths';
import { nodeFiles } from '../../host/node-files';
import { nodeGit } from '../../host/node-git';
import { openProject } from '../../checking/project/open-project';
import { SettledHistory, type Settlement } from './settlement';
import { GitFolder } from './testing/git-folder';

const pair = (id: string, up = `CREATE TABLE t${id} (id int);\n`) => ({
  [`migrations/${id}.up.sql`]: up,
  [`migrations/${id}.down.sql`]: `DROP TABLE t${id};\n`,
});

let folder: GitFolder;
const others: GitFolder[] = [];
beforeEach(() => {
  folder = GitFolder.create();
  folder.commit({ ...pair('0001_a'), ...pair('0002_b') });
});
afterEach(() => {
  for (const each of [folder, ...others.splice(0)]) each.dispose();
});

interface Options {
  readonly in?: GitFolder;
  readonly since?: string;
  readonly environment?: Record<string, string>;
  readonly path?: string;
}

async function settlement(options: Options = {}): Promise<Settlement> {
  const root = (options.in ?? folder).path;
  const history = new SettledHistory(nodeGit(), options.environment);
  const since = options.since === undefined ? {} : { since: options.since };
  const project = await openProject({ files: nodeFiles(), paths: [joined(root, options.path ?? 'migrations')], history, ...since });
  if (!project.ok) throw new Error(`${project.problem.code}: ${project.problem.message}`);
  return project.value.settlement;
}

async function settledIds(options: Options = {}): Promise<string[]> {
  return [...(await settlement(options)).migrations];
}

describe('which migrations are settled', () => {
  it('on a branch, those of the merge base with the default branch', async () => {
    folder.git('checkout', '--quiet', '-b', 'feature');
    folder.commit(pair('0003_c'));
    folder.write(pair('0004_d'));
    expect(await settledIds()).toEqual(['0001_a', '0002_b']);
    expect((await settlement()).by).toBe('main');
  });

  it('on a branch, not what the default branch got since', async () => {
    folder.git('checkout', '--quiet', '-b', 'feature');
    folder.git('checkout', '--quiet', 'main');
    folder.commit(pair('0003_c'));
    folder.git('checkout', '--quiet', 'feature');
    folder.commit(pair('0003_c', 'CREATE TABLE other (id int);\n'));
    expect(await settledIds()).toEqual(['0001_a', '0002_b']);
    expect((await settlement()).by).toBe('the merge base with main');
  });

  it('on the default branch without a remote, those that are committed', async () => {
    folder.write(pair('0003_c'));
    expect(await settledIds()).toEqual(['0001_a', '0002_b']);
    expect((await settlement()).by).toBe('the last commit');
  });

  it('on the default branch with a remote, those that are pushed', async () => {
    const clone = GitFolder.clone(folder);
    others.push(clone);
    clone.commit(pair('0003_c'));
    expect(await settledIds({ in: clone })).toEqual(['0001_a', '0002_b']);
    expect((await settlement({ in: clone })).by).toBe('origin/main');
  });

  it('by the default branch of the remote, whatever its name', async () => {
    folder.git('branch', '--move', 'main', 'production');
    const clone = GitFolder.clone(folder);
    others.push(clone);
    clone.git('checkout', '--quiet', '-b', 'main');
    clone.commit(pair('0003_c'));
    expect((await settlement({ in: clone })).by).toBe('origin/production');
    expect(await settledIds({ in: clone })).toEqual(['0001_a', '0002_b']);
  });

  it('on a checked-out commit of the default branch, all of it', async () => {
    folder.git('checkout', '--quiet', '--detach');
    expect(await settledIds()).toEqual(['0001_a', '0002_b']);
  });

  it('those of a tagged version that the merge base does not have', async () => {
    folder.git('checkout', '--quiet', '-b', 'release');
    folder.commit(pair('0003_c'));
    folder.git('tag', 'v1.2.0');
    folder.commit(pair('0004_d'));
    expect(await settledIds()).toEqual(['0001_a', '0002_b', '0003_c']);
    expect((await settlement()).by).toBe('main and v1.2.0');
  });

  it('nothing before the first commit and outside of a repository', async () => {
    const empty = GitFolder.create();
    others.push(empty);
    empty.write(pair('0001_a'));
    expect(await settledIds({ in: empty })).toEqual([]);
    empty.remove('.git');
    expect(await settledIds({ in: empty })).toEqual([]);
  });
});

describe('in continuous integration', () => {
  const ci = { CI: 'true' };

  it('on the default branch, what was there before the push', async () => {
    const before = folder.git('rev-parse', 'HEAD');
    folder.commit(pair('0003_c'));
    folder.commit(pair('0004_d'));
    expect(await settledIds({ environment: ci })).toEqual(['0001_a', '0002_b', '0003_c']);
    expect((await settlement({ environment: ci })).by).toBe('the commit before the last one');
    expect(await settledIds({ environment: { ...ci, CI_COMMIT_BEFORE_SHA: before } })).toEqual(['0001_a', '0002_b']);
    folder.write({ '.event.json': JSON.stringify({ before }) });
    const environment = { ...ci, GITHUB_EVENT_PATH: joined(folder.path, '.event.json') };
    expect(await settledIds({ environment })).toEqual(['0001_a', '0002_b']);
  });

  it.each(['1234567890000000000000000000000000000000', '0000000000000000000000000000000000000000', '--all'])(
    'settles nothing where the push came after %s',
    async (before) => {
      folder.git('branch', 'unknown');
      folder.commit(pair('0003_c'));
      const found = await settlement({ environment: { ...ci, CI_COMMIT_BEFORE_SHA: before } });
      expect(found.migrations.size).toBe(0);
      expect(found.note).toContain('the commit before the push');
    },
  );

  it('settles nothing where the event of the push cannot be read', async () => {
    folder.write({ '.event.json': '{ "before": ' });
    const found = await settlement({ environment: { ...ci, GITHUB_EVENT_PATH: joined(folder.path, '.event.json') } });
    expect(found.migrations.size).toBe(0);
  });

  it('for a pull request, what the branch that it goes into has', async () => {
    folder.git('checkout', '--quiet', '-b', 'stable');
    folder.commit(pair('0003_c'));
    folder.git('checkout', '--quiet', '-b', 'fix');
    folder.commit(pair('0004_d'));
    folder.git('checkout', '--quiet', '--detach');
    expect(await settledIds({ environment: { ...ci, GITHUB_BASE_REF: 'stable' } })).toEqual(['0001_a', '0002_b', '0003_c']);
  });

  it('says that a clone has too little history', async () => {
    folder.git('checkout', '--quiet', '-b', 'feature');
    folder.commit(pair('0003_c'));
    const clone = GitFolder.clone(folder, 1);
    others.push(clone);
    const found = await settlement({ in: clone, environment: { ...ci, GITHUB_BASE_REF: 'main' } });
    expect(found.migrations.size).toBe(0);
    expect(found.note).toContain('does not have main');
    expect(found.note).toContain('fetch-depth: 0');
  });
});

describe('in clones that lack the default branch', () => {
  it.each([[{}], [{ CI: 'true' }]])('settles nothing and says so, with the environment %o', async (environment) => {
    folder.git('checkout', '--quiet', '-b', 'feature');
    folder.commit(pair('0003_c'));
    folder.git('checkout', '--quiet', 'main');
    const clone = GitFolder.clone(folder);
    others.push(clone);
    clone.git('checkout', '--quiet', 'feature');
    clone.git('branch', '--delete', '--force', 'main');
    clone.git('update-ref', '-d', 'refs/remotes/origin/main');
    clone.git('symbolic-ref', '--delete', 'refs/remotes/origin/HEAD');
    const found = await settlement({ in: clone, environment });
    expect(found.migrations.size).toBe(0);
    expect(found.note).toContain('does not have the default branch');
  });
});

describe('since', () => {
  it('is a git ref, a migration, or none', async () => {
    const first = folder.git('rev-parse', 'HEAD');
    folder.commit(pair('0003_c'));
    expect(await settledIds({ since: first })).toEqual(['0001_a', '0002_b']);
    expect(await settledIds({ since: '0001_a' })).toEqual(['0001_a']);
    expect(await settledIds({ since: 'none' })).toEqual([]);
    await expect(settlement({ since: 'nothing-of-that-name' })).rejects.toThrow('since-unknown');
    await expect(settlement({ since: '--output=x' })).rejects.toThrow('since-unknown');
  });

  it('is read from the settings', async () => {
    folder.write({ '.mem8-upgrade.yaml': 'since: 0001_a\n' });
    expect(await settledIds()).toEqual(['0001_a']);
  });
});

const manifest = (published: string) => `manifest: 1
system: mem8
releases:
  - { version: 1.0.0, migrations: [0001_a]${published} }
  - { version: 1.1.0, migrations: [0002_b] }
`;

describe('with a manifest', () => {
  it('what a published release has', async () => {
    folder.remove('.git');
    folder.write({ 'upgrade.yaml': manifest(', published: true') });
    expect(await settledIds({ path: 'upgrade.yaml' })).toEqual(['0001_a']);
    expect((await settlement({ path: 'upgrade.yaml' })).by).toBe('release 1.0.0');
  });

  it('what a release has whose version is tagged, unless it says that it is not published', async () => {
    folder.git('tag', 'v1.0.0');
    folder.write({ 'upgrade.yaml': manifest('') });
    expect((await settlement({ path: 'upgrade.yaml' })).by).toBe('the last commit, v1.0.0 and release 1.0.0');
    folder.write({ 'upgrade.yaml': manifest(', published: false') });
    expect((await settlement({ path: 'upgrade.yaml' })).by).toBe('the last commit and v1.0.0');
  });
});

describe('what became of settled migrations', () => {
  const edited = async () =>
    (await settlement()).edited.map(({ migration, range, changesUp, changesDown }) => ({
      id: migration.id,
      text: migration.up.text.slice(range.start, range.end),
      changesUp,
      changesDown,
    }));

  it('sees the lines that were edited', async () => {
    folder.commit(pair('0003_c', 'CREATE TABLE c (id int);\nCREATE TABLE d (id int);\nCREATE TABLE e (id int);\n'));
    folder.write(pair('0003_c', 'CREATE TABLE c (id int);\nCREATE TABLE d (id bigint);\nCREATE TABLE e (id int);\n'));
    expect(await edited()).toEqual([{ id: '0003_c', text: 'CREATE TABLE d (id bigint);', changesUp: true, changesDown: false }]);
    const { files, migrations } = await settlement();
    expect([...migrations]).toContain('0003_c');
    expect([...files].filter((file) => file.includes('0003')).map((file) => file.split('/').at(-1))).toEqual(['0003_c.down.sql']);
  });

  it('does not count comments, white space and line ends as changes of statements', async () => {
    folder.write({ 'migrations/0001_a.up.sql': '-- who made this\nCREATE  TABLE t0001_a (id int);\n' });
    folder.write({ 'migrations/0002_b.up.sql': 'CREATE TABLE t0002_b (id int);\r\n' });
    expect((await edited()).map(({ id, changesUp }) => [id, changesUp])).toEqual([['0001_a', false]]);
    expect((await settlement()).files.size).toBe(4);
  });

  it('leaves an edited down to the checks', async () => {
    folder.write({ 'migrations/0002_b.down.sql': 'DROP TABLE IF EXISTS t0002_b;\n' });
    expect(await edited()).toEqual([]);
    expect((await settlement()).files.size).toBe(3);
  });

  it('sees an edited up and an edited down in one file', async () => {
    const goose = (up: string, down: string) => ({ 'goose/00001_a.sql': `-- +goose Up\n${up}\n-- +goose Down\n${down}\n` });
    folder.commit(goose('CREATE TABLE a (id int);', 'DROP TABLE a;'));
    folder.write(goose('CREATE TABLE a (id int);', 'DROP TABLE IF EXISTS a;'));
    const { edited: changed, files } = await settlement({ path: 'goose' });
    expect(changed.map(({ changesUp, changesDown }) => [changesUp, changesDown])).toEqual([[false, true]]);
    expect(files.size).toBe(0);
  });

  it('follows a rename that keeps version and text, where the tool knows versions alone', async () => {
    folder.git('mv', 'migrations/0002_b.up.sql', 'migrations/0002_better.up.sql');
    folder.git('mv', 'migrations/0002_b.down.sql', 'migrations/0002_better.down.sql');
    const renamed = await settlement();
    expect([...renamed.migrations]).toEqual(['0001_a', '0002_better']);
    expect([renamed.removed, renamed.files.size]).toEqual([[], 4]);
    folder.write({ 'migrations/0002_better.up.sql': 'CREATE TABLE other (id int);\n' });
    expect((await settlement()).removed).toHaveLength(1);
  });

  it('sees what is gone, and nothing that never was a migration', async () => {
    folder.commit({ 'migrations/README.md': 'x', 'migrations/notes.sql': 'SELECT 1;' });
    folder.remove('migrations/0001_a.up.sql', 'migrations/0001_a.down.sql', 'migrations/README.md', 'migrations/notes.sql');
    expect((await settlement()).removed.map((file) => file.split('/').at(-1))).toEqual(['0001_a.up.sql']);
  });
});
