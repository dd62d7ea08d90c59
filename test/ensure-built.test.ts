import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { isBuilt } from '../scripts/lib/build.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mem8-built-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file that was changed so many seconds after 2020. */
function write(path: string, seconds: number): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  const time = 1_577_836_800 + seconds;
  utimesSync(file, time, time);
}

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const path of [
    'client/extension.ts',
    'engine/checking/checks/postgresql/clients/rename.ts',
    'engine/checking/checks/postgresql/clients/rename.test.ts',
    'package.json',
  ])
    write(path, 100);
  for (const name of ['client.js', 'server.mjs', 'cli.mjs', 'shadow-worker.js']) write(`dist/${name}`, 200);
  write('dist/pglite/version', 1);
});

it('takes bundles that are newer than the sources, however old the assets are', () => {
  expect(isBuilt(folder)).toBe(true);
});

it.each(['engine/checking/checks/postgresql/clients/rename.ts', 'package.json'])('builds again when %s is newer', (path) => {
  write(path, 300);
  expect(isBuilt(folder)).toBe(false);
});

it('does not build again for a test', () => {
  write('engine/checking/checks/postgresql/clients/rename.test.ts', 300);
  expect(isBuilt(folder)).toBe(true);
});

it.each(['dist/cli.mjs', 'dist/pglite/version'])('builds when %s is missing', (path) => {
  rmSync(join(folder, path));
  expect(isBuilt(folder)).toBe(false);
});
