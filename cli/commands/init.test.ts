import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { enginePath } from '#engine/core/paths';
import type { Files } from '#engine/core/host';
import { memoryFiles } from '#engine/host/memory-files';
import { nodeFiles } from '#engine/host/node-files';
import { parseManifest } from '#engine/inputs/manifest/parse';
import { analyse } from '#engine/checking/analysis/analysis';
import { openProject } from '#engine/checking/project/open-project';
import { nodeGit } from '#engine/host/node-git';
import { runCommand } from '../testing/run-command';

function run(files: Files, cwd: string, ...words: string[]) {
  const { signal } = new AbortController();
  return runCommand(['init', ...words], { files, cwd, signal, git: nodeGit(signal) });
}

let folder = '';
const git = (...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: folder, stdio: 'pipe' });
const put = (path: string, text: string) => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const publish = (tag: string) => {
  git('add', '.');
  git('commit', '-q', '--allow-empty', '-m', tag);
  git('tag', tag);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'init-'));
  git('init', '-q');
  put('db/migrations/0001_memories.up.sql', 'CREATE TABLE memories (id bigint PRIMARY KEY);\n');
  put('db/migrations/0001_memories.down.sql', 'DROP TABLE memories;\n');
  publish('v1.0.0');
  publish('other-9.0.0');
  put('db/migrations/0002_kind.up.sql', 'ALTER TABLE memories ADD kind text;\n');
  put('db/migrations/0002_kind.down.sql', 'ALTER TABLE memories DROP kind;\n');
  publish('v1.1.0-rc.1');
  publish('v1.1.0');
  publish('nightly');
  put('db/migrations/0003_more.up.sql', 'ALTER TABLE memories ADD more text;\n');
  put('db/migrations/0003_more.down.sql', 'ALTER TABLE memories DROP more;\n');
  put('api/openapi.yaml', 'openapi: 3.1.0\ninfo: { title: t, version: 1.0.0 }\npaths: {}\n');
  put('queries.graphql', 'query { a }\n');
  put('export.schema.json', '{ "type": "object" }\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('makes releases of version tags, and one for what is not out yet, without errors', async () => {
  const { code, out, err } = await run(nodeFiles(), enginePath(folder));
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('3 migrations (layout golang-migrate) in 3 releases, 1.0.0 to 1.2.0. 2 API descriptions were added to 1.2.0.');
  const text = readFileSync(join(folder, 'upgrade.yaml'), 'utf8');
  const { manifest, problems } = parseManifest('/upgrade.yaml', text);
  expect(problems).toEqual([]);
  expect(manifest?.releases).toMatchObject([
    { version: '1.0.0', migrations: ['0001_memories'] },
    { version: '1.1.0', migrations: ['0002_kind'] },
    { version: '1.2.0', migrations: ['0003_more'], apis: { api: 'api/openapi.yaml', export: 'export.schema.json' } },
  ]);
  expect(text).toContain('  # Assumed: not released yet. No tag contains these migrations.\n  - version: 1.2.0\n');
  expect(text).toContain('# 1 tag was ignored');
  const project = await openProject({ files: nodeFiles(), paths: [enginePath(join(folder, 'upgrade.yaml'))] });
  if (!project.ok) throw new Error(project.problem.message);
  const { findings } = await analyse(project.value, { rehearse: 'none' });
  expect(findings.filter(({ severity, group }) => severity === 'error' || group === 'manifest').map(({ message }) => message)).toEqual([]);
});

it('never overwrites a manifest', async () => {
  const before = readFileSync(join(folder, 'upgrade.yaml'), 'utf8');
  const { code, err } = await run(nodeFiles(), enginePath(folder));
  expect(code).toBe(2);
  expect(err).toContain('already exists');
  expect(readFileSync(join(folder, 'upgrade.yaml'), 'utf8')).toBe(before);
});

it('puts everything into one release where there are no tags', async () => {
  const files = memoryFiles({ '/project/migrations/0001_a.sql': 'CREATE TABLE a (id bigint PRIMARY KEY);\n' });
  const { code, out } = await run(files, '/project', 'migrations', '--system', 'my system', '--format', 'json', '--no-tags');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ manifest: '/project/upgrade.yaml', migrations: 1, releases: ['1.0.0'], apis: 0 });
  expect(await files.readText('/project/upgrade.yaml')).toContain('system: my-system\n');
});

const mysql = 'CREATE TABLE `a` (`id` int NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB;\n';
const postgresql = 'CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b jsonb);\n';

it('takes the migrations for PostgreSQL where those for another database are beside them', async () => {
  const files = memoryFiles({ '/project/migrations/mysql/0001_a.sql': mysql, '/project/migrations/postgresql/0001_a.sql': postgresql });
  const { code, out, err } = await run(files, '/project', '--no-tags');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('Wrote /project/upgrade.yaml: 1 migration (layout ');
  expect(await files.readText('/project/upgrade.yaml')).toContain('migrations/postgresql');
});

it('names the other database where no migrations are for PostgreSQL', async () => {
  const { code, err } = await run(memoryFiles({ '/project/migrations/mysql/0001_a.sql': mysql }), '/project', '--no-tags');
  expect(code).toBe(2);
  expect(err).toContain('The scripts in /project/migrations/mysql are for MySQL');
});
