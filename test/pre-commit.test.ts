import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Hook {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly entry: string;
  readonly files: string;
  readonly pass_filenames: boolean;
}

const [hook, ...others] = parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8')) as Hook[];

it('offers one hook, which checks the whole project by a program of the package', () => {
  expect(others).toEqual([]);
  expect(hook).toMatchObject({ id: 'mem8-upgrade', language: 'node', pass_filenames: false });
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: object };
  expect(Object.keys(bin)).toContain(hook?.entry.split(' ')[0]);
});

it.each([
  ['migrations/0001_a.up.sql', true],
  ['db/V1__A.SQL', true],
  ['upgrade.yaml', true],
  ['services/shop/billing.upgrade.yml', true],
  ['.mem8-upgrade.yaml', true],
  ['sqitch.plan', true],
  ['README.md', false],
  ['docs/sql.md', false],
  ['deployment/noupgrade.yaml', false],
])('runs for a commit with %s: %s', (path, runs) => {
  const [, flag = '', pattern = ''] = /^(\(\?i\))?(.*)$/s.exec(hook?.files ?? '') ?? [];
  expect(new RegExp(pattern, flag === '' ? '' : 'i').test(path)).toBe(runs);
});

it('is packed by npm with nothing but the name of the tarball on standard output', () => {
  const words = ['config', 'get', 'foreground-scripts'];
  expect(execFileSync('npm', words, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' }).trim()).toBe('false');
});
