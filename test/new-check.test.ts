import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
let copy = '';
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'mem8-new-check-'));
  mkdirSync(join(copy, 'engine'), { recursive: true });
  cpSync(join(root, 'scripts'), join(copy, 'scripts'), { recursive: true });
  cpSync(join(root, 'engine/checks'), join(copy, 'engine/checks'), { recursive: true });
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

it('writes a check, its test and its page, and registers it in order', () => {
  const before = registeredNames();
  const { status, stdout } = newCheck('lossy-cast', '--group', 'data', '--hazard', 'P9');
  expect(status).toBe(0);
  expect(stdout).toContain('engine/checks/lossy-cast.test.ts');
  for (const path of ['engine/checks/lossy-cast.ts', 'engine/checks/lossy-cast.test.ts', 'docs/checks/lossy-cast.md'])
    expect(existsSync(join(copy, path)), path).toBe(true);
  expect(readFileSync(join(copy, 'engine/checks/lossy-cast.ts'), 'utf8')).toContain("hazards: ['P9']");
  expect(readFileSync(join(copy, 'engine/checks/index.ts'), 'utf8')).toContain("import { check as lossyCast } from './lossy-cast';");
  expect(registeredNames()).toEqual([...before, 'lossyCast'].sort());
});

it.each([[''], ['Lossy_Cast'], ['9-lives'], ['missing-down'], ['index --group nowhere'], ['new-one --hazard X1']])(
  'refuses %j and changes nothing',
  (words) => {
    const before = readFileSync(join(copy, 'engine/checks/index.ts'), 'utf8');
    const { status, stderr } = newCheck(...words.split(' ').filter(Boolean));
    expect(status).toBe(2);
    expect(stderr).not.toBe('');
    expect(readFileSync(join(copy, 'engine/checks/index.ts'), 'utf8')).toBe(before);
  },
);

function newCheck(...words: string[]) {
  return spawnSync(process.execPath, [join(copy, 'scripts/new-check.mjs'), ...words], { encoding: 'utf8', timeout: 30_000 });
}

function registeredNames(): string[] {
  const list = /readonly Check\[\] = \[([^\]]*)\]/.exec(readFileSync(join(copy, 'engine/checks/index.ts'), 'utf8'))?.[1] ?? '';
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
