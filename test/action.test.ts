import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActionRun, readAction, runAction } from './support/action';

const root = fileURLToPath(new URL('..', import.meta.url));
const action = readAction(join(root, 'action.yml'));
const folder = mkdtempSync(join(tmpdir(), 'mem8-action-'));
const origin = join(folder, 'origin');
const table = 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n';

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A repository whose branch `main` has an old migration with findings, and a pull request with a new one. */
beforeAll(() => {
  git(folder, 'init', '--quiet', '--initial-branch=main', 'origin');
  commit('0001_orders', table);
  commit('0002_old', 'CREATE INDEX orders_both ON orders (id, note);\n');
  git(origin, 'checkout', '--quiet', '-b', 'feature');
  commit('0003_new', 'CREATE INDEX orders_note ON orders (note);\nALTER TABLE orders DROP COLUMN nope;\n');
  git(origin, 'checkout', '--quiet', 'main');
  commit('0001_orders.note', '-- Nothing.\n', 'notes');
  git(origin, 'checkout', '--quiet', '--detach');
  git(origin, 'merge', '--quiet', '--no-ff', '-m', 'Merge', 'feature');
  git(origin, 'update-ref', 'refs/pull/1/merge', 'HEAD');
  git(origin, 'checkout', '--quiet', 'main');
});

describe('a pull request in a shallow clone', { timeout: 120_000 }, () => {
  it('is annotated in its new migration alone, and the step fails', async () => {
    const run = await onPullRequest({ 'sarif-file': 'findings.sarif' });
    expect(run.code).toBe(1);
    expect(run.annotations.length).toBeGreaterThan(1);
    expect(run.annotations.filter((line) => !line.includes('file=migrations/0003_new.up.sql,'))).toEqual([]);
    expect(run.annotations.filter((line) => line.startsWith('::error '))).toHaveLength(1);
    expect(run.annotations.find((line) => line.startsWith('::error '))).toContain(',line=2,');
    expect(run.outputs).toMatchObject({ 'exit-code': '1', errors: '1', findings: String(run.annotations.length) });
    expect(Number(run.outputs['warnings'])).toBeGreaterThan(0);
    expect(run.log).toMatch(new RegExp(`^1 error, ${run.outputs['warnings']} warnings?; see the step summary\\.$`, 'm'));
    expect(run.summary).toMatch(/^### Mem8 Upgrade\n\n1 error, /);
    expect(run.summary).toContain('| error | migrations/0003\\_new.up.sql:2 |');
    expect(run.summary).toContain('2 migrations settled by origin/main; ');
    expect(run.summary).not.toContain('0002');
    const sarif = JSON.parse(readFileSync(join(run.workspace, 'findings.sarif'), 'utf8')) as { runs: [{ results: unknown[] }] };
    expect(sarif.runs[0].results).toHaveLength(run.annotations.length);
  });

  it('shows old findings where nothing settles migrations, in a folder by the paths of the repository', async () => {
    const run = await onPullRequest({ since: 'none', 'working-directory': 'migrations' });
    expect(run.code).toBe(1);
    expect(run.annotations.filter((line) => !/ file=migrations\/000\d_\w+\.up\.sql,/.test(line))).toEqual([]);
    expect(run.annotations.some((line) => line.includes('file=migrations/0002_old.up.sql,'))).toBe(true);
  });

  it('says why old findings are shown when its history cannot be fetched', async () => {
    const run = await onPullRequest({}, (workspace) => git(workspace, 'remote', 'set-url', 'origin', join(folder, 'nowhere')));
    expect(run.annotations[0]).toBe(
      '::warning title=Mem8 Upgrade::The history could not be fetched, so findings in old migrations may be shown. Set fetch-depth: 0 for actions/checkout.',
    );
    expect(run.annotations.some((line) => line.includes('file=migrations/0002_old.up.sql,'))).toBe(true);
  });
});

it('takes text of inputs for nothing else', { timeout: 120_000 }, async () => {
  const all: Record<string, string>[] = [
    { path: '$(touch pwned)' },
    { since: '"; touch pwned; "\n--all' },
    { 'fail-on': '; touch pwned #' },
    { minimum: '`touch pwned`' },
    { path: '--help' },
  ];
  for (const inputs of all) {
    const run = await onPullRequest(inputs);
    expect(run.outputs['exit-code']).toBe('2');
    expect(run.code).toBe(2);
    expect(existsSync(join(run.workspace, 'pwned'))).toBe(false);
  }
});

describe('action.yml', () => {
  it('puts no expression into the text of a script', () => {
    expect(action.runs.steps.filter(({ run }) => run.includes('${{'))).toEqual([]);
    expect(action.runs.steps.map(({ shell }) => shell)).toEqual(action.runs.steps.map(() => 'bash'));
  });

  it('is described in the documentation, input by input', () => {
    const page = readFileSync(join(root, 'docs', 'continuous-integration.md'), 'utf8');
    const described = [...page.matchAll(/^\| `([\w-]+)` *\|/gm)].map(([, name]) => name);
    expect(described).toEqual([...Object.keys(action.inputs), ...Object.keys(action.outputs)]);
  });
});

/** Runs the action on the pull request, in a clone as actions/checkout makes it. */
async function onPullRequest(
  inputs: Readonly<Record<string, string>>,
  prepare: (workspace: string) => void = () => undefined,
): Promise<ActionRun & { workspace: string }> {
  const home = mkdtempSync(join(folder, 'run-'));
  const workspace = join(home, 'workspace');
  git(home, 'init', '--quiet', 'workspace');
  git(workspace, 'remote', 'add', 'origin', pathToFileURL(origin).href);
  git(workspace, 'fetch', '--quiet', '--no-tags', '--depth=1', 'origin', '+refs/pull/1/merge:refs/remotes/pull/1/merge');
  git(workspace, 'checkout', '--quiet', '--detach', 'refs/remotes/pull/1/merge');
  prepare(workspace);
  const runner = join(home, 'runner');
  mkdirSync(runner);
  const event = join(runner, 'event.json');
  writeFileSync(event, JSON.stringify({ number: 1, repository: { default_branch: 'main' } }));
  const run = await runAction(action, {
    workspace,
    runner,
    inputs,
    github: { action_path: root, base_ref: 'main', 'event.repository.default_branch': 'main' },
    env: { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_BASE_REF: 'main', GITHUB_EVENT_PATH: event },
  });
  return { ...run, workspace };
}

function commit(name: string, up: string, directory = 'migrations'): void {
  mkdirSync(join(origin, directory), { recursive: true });
  writeFileSync(join(origin, directory, `${name}.up.sql`), up);
  git(origin, 'add', '.');
  git(origin, 'commit', '--quiet', '-m', name);
}

function git(cwd: string, ...words: string[]): void {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...words], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}
