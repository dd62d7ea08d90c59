import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createProtocolConnection, InitializeRequest, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver-protocol/node';
import { checks } from '#engine/checking/checks/registry/index';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
/** With bundles that are not minified. */
const budgetBytes = 15_000_000;

/** What may be in the package. Everything else is a mistake in .npmignore. */
const allowed = [
  /^(package\.json|README\.md|LICENSE)$/,
  /^dist\/(server|cli|shadow-worker)\.js$/,
  /^dist\/[\w-]+\.mjs$/,
  /^dist\/libpg-query\.wasm$/,
  /^dist\/pglite\/(pglite\.wasm|pglite\.data|template\.json|template\.data\.br|version)$/,
  /^dist\/pglite\/extensions\/[\w-]+\.tar\.gz$/,
  /^docs\/manifest\.schema\.json$/,
  /^docs\/checks\/[\w-]+\.md$/,
];

const folder = mkdtempSync(join(tmpdir(), 'mem8-npm-'));
const environment = { ...process.env, npm_config_cache: join(folder, 'cache'), npm_config_offline: 'true', CI: '' };
let tarball = '';
let files: string[] = [];

beforeAll(async () => {
  // The build of all tests is packed, so the script that builds for production is left out.
  const { stdout } = await npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root);
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, { filename: string; files: { path: string }[] }>);
  tarball = join(folder, packed?.filename ?? '');
  files = packed?.files.map(({ path }) => path) ?? [];
  mkdirSync(join(folder, 'empty'));
  await npm(['install', '--prefix', join(folder, 'empty'), '--no-audit', '--no-fund', tarball], folder);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('packs nothing but what is meant to be in it', () => {
  expect(files.filter((file) => !allowed.some((pattern) => pattern.test(file)))).toEqual([]);
});

it('packs the programs, the assets that they load, and the pages that findings link to', () => {
  const programs = ['cli.js', 'cli.mjs', 'server.js', 'server.mjs', 'shadow-worker.js'].map((name) => `dist/${name}`);
  const assets = ['libpg-query.wasm', 'pglite/pglite.wasm', 'pglite/pglite.data', 'pglite/template.json', 'pglite/template.data.br'].map(
    (name) => `dist/${name}`,
  );
  expect(files).toEqual(expect.arrayContaining([...programs, ...assets, ...checks.map(({ id }) => `docs/checks/${id}.md`)]));
});

it('stays within its size', () => {
  expect(statSync(tarball).size).toBeLessThan(budgetBytes);
});

it('needs no other package', () => {
  const lock = JSON.parse(readFileSync(join(folder, 'empty', 'package-lock.json'), 'utf8')) as { packages: object };
  expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/mem8-upgrade']);
});

it('is built for production when it is packed or installed from the repository', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  expect(scripts['prepare']).toBe('node scripts/prepare.mjs');
});

it('checks migrations where it is installed, without network', async () => {
  const project = join(folder, 'project');
  mkdirSync(join(project, 'migrations'), { recursive: true });
  const migration = (name: string, sql: string) => writeFileSync(join(project, 'migrations', name), sql);
  migration('0001_users.up.sql', 'CREATE TABLE users (id bigint PRIMARY KEY, name text);\n');
  migration('0001_users.down.sql', 'DROP TABLE users;\n');
  expect(await check(project)).toMatchObject({ code: 0, findings: [] });
  migration('0002_name.up.sql', 'ALTER TABLE users RENAME COLUMN nmae TO full_name;\n');
  migration('0002_name.down.sql', 'SELECT 1;\n');
  const { code, findings } = await check(project);
  expect(code).toBe(1);
  expect(findings).toContainEqual(
    expect.objectContaining({ file: 'migrations/0002_name.up.sql', line: 1, id: 'unknown-object', verified: true }),
  );
  expect((await check(project, 'missing')).code).toBe(2);
}, 60_000);

it('starts the language server', async () => {
  const server = spawn(program('mem8-upgrade-language-server'), ['--stdio'], { stdio: ['pipe', 'pipe', 'inherit'], env: environment });
  try {
    const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    connection.listen();
    const { capabilities } = await connection.sendRequest(InitializeRequest.type, { processId: null, rootUri: null, capabilities: {} });
    expect(capabilities.hoverProvider).toBeTruthy();
  } finally {
    server.kill('SIGKILL');
  }
}, 60_000);

function npm(words: readonly string[], cwd: string) {
  return run('npm', words, { cwd, env: environment, maxBuffer: 1 << 26, shell: process.platform === 'win32' });
}

function program(name: string): string {
  return join(folder, 'empty', 'node_modules', '.bin', name);
}

async function check(cwd: string, ...paths: string[]): Promise<{ code: unknown; findings: unknown }> {
  const words = ['check', ...paths, '--format', 'json'];
  const { code, stdout } = await run(program('mem8-upgrade'), words, { cwd, env: environment }).then(
    (done) => ({ code: 0, ...done }),
    (failed: { code: number; stdout: string }) => failed,
  );
  return { code, findings: stdout === '' ? undefined : (JSON.parse(stdout) as { findings?: unknown }).findings };
}
