import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { checks } from '#engine/checking/checks/registry/index';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Raw bytes, with bundles that are not minified; the embedded PostgreSQL is 21 MB of it. */
const budgetBytes = 32_000_000;

/** What may ship. Everything else is a mistake in .vscodeignore. */
const allowed = [
  /^(package|package\.nls)\.json$/,
  /^(dist\/gallery\.md|CHANGELOG\.md|LICENSE)$/,
  /^dist\/(client|server|cli|shadow-worker)\.js$/,
  /^dist\/[\w-]+\.mjs$/,
  /^dist\/[\w-]+\.wasm$/,
  /^dist\/pglite\/(pglite\.wasm|pglite\.data|template\.json|template\.data\.br|version)$/,
  /^dist\/pglite\/extensions\/[\w-]+\.tar\.gz$/,
  /^media\/(screenshots\/findings-light|[\w-]+)\.(svg|png)$/,
  /^syntaxes\/[\w.-]+\.json$/,
  /^docs\/manifest\.schema\.json$/,
  /^docs\/(checks\/)?[\w-]+\.md$/,
  /^(?:[\w-]+\.)?language-configuration\.json$/,
];

let files: string[] = [];
beforeAll(() => {
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  execFileSync(process.execPath, [join(root, 'scripts', 'gallery.mjs')]);
  files = execFileSync(process.execPath, [vsce, 'ls', '--no-dependencies', '--readme-path', 'dist/gallery.md'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
});

it('ships nothing but what is meant to ship', () => {
  expect(files.filter((file) => !allowed.some((pattern) => pattern.test(file)))).toEqual([]);
});

it('ships the bundles and the assets that they load', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'package.json',
      'dist/gallery.md',
      'CHANGELOG.md',
      'LICENSE',
      'dist/client.js',
      'dist/server.js',
      'dist/cli.js',
      'dist/shadow-worker.js',
      'dist/cli.mjs',
      'dist/server.mjs',
      'dist/libpg-query.wasm',
      'dist/pglite/pglite.wasm',
      'dist/pglite/pglite.data',
      'dist/pglite/template.json',
      'dist/pglite/template.data.br',
      // Findings link to the pages of their checks.
      ...checks.map(({ id }) => `docs/checks/${id}.md`),
    ]),
  );
});

it('ships every file that package.json names', () => {
  const named = pathsIn(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(named.filter((path) => !files.includes(path))).toEqual([]);
});

it('stays within its size', () => {
  const bytes = files.reduce((sum, file) => sum + statSync(join(root, file)).size, 0);
  expect(bytes).toBeLessThan(budgetBytes);
});

/** The files of the package that its manifest refers to by a relative path: bundle, icons, grammars, schemas. */
function pathsIn(manifest: { main: string; icon?: string; contributes?: unknown }): string[] {
  const found = [manifest.main, manifest.icon ?? manifest.main, ...stringsIn(manifest.contributes)];
  const paths = found.map((text) => text.replace(/^\.\//, '')).filter((text) => /^(dist|media|syntaxes|docs)\/|^[\w-]+\.json$/.test(text));
  return [...new Set(paths)];
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

it('shows on the page of the extension only pictures that ship', () => {
  const pictures = [...readFileSync(join(root, 'dist', 'gallery.md'), 'utf8').matchAll(/media\/screenshots\/[\w.-]+/g)].map(
    ([path]) => path,
  );
  expect(pictures).toEqual(['media/screenshots/findings-light.png']);
  expect(files).toEqual(expect.arrayContaining(pictures));
});
