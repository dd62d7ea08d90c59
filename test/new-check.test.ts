import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const checks = 'engine/checking/checks';
const room = `${checks}/postgresql/data`;
let copy = '';
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'mem8-new-check-'));
  for (const part of ['scripts', 'package.json', '.prettierrc.json', checks])
    if (existsSync(join(root, part))) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

it('finds a registry that is as the folders say', () => {
  expect(run('registry').stdout).toBe('');
});

it('writes a check, its test and its page, and registers it', () => {
  const { status, stdout } = run('new', 'lossy-cast', '--room', 'postgresql/data', '--hazard', 'P9');
  expect(status).toBe(0);
  expect(stdout).toContain(`${room}/lossy-cast.test.ts`);
  for (const path of [`${room}/lossy-cast.ts`, `${room}/lossy-cast.test.ts`, 'docs/checks/lossy-cast.md'])
    expect(existsSync(join(copy, path)), path).toBe(true);
  expect(textOf('lossy-cast')).toContain("hazards: ['P9']");
  expect(textOf('index')).toContain("import { check as lossyCast } from './lossy-cast';");
  expect(textOf('index')).toMatch(/checks: \[[^\]]*\blossyCast,/);
});

it.each([[''], ['Lossy_Cast'], ['9-lives'], ['missing-down'], ['index --room nowhere'], ['new-one --hazard X1']])(
  'refuses %j and changes nothing',
  (words) => {
    const before = textOf('index');
    const { status, stderr } = run('new', ...words.split(' ').filter(Boolean));
    expect(status).toBe(2);
    expect(stderr).not.toBe('');
    expect(textOf('index')).toBe(before);
  },
);

function run(command: 'new' | 'registry', ...words: string[]) {
  return spawnSync(process.execPath, [join(copy, 'scripts/checks.mjs'), command, ...words], { encoding: 'utf8', timeout: 30_000 });
}

function textOf(name: string): string {
  return readFileSync(join(copy, room, `${name}.ts`), 'utf8');
}
