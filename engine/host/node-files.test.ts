import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { outcomeOf } from '../core/problem';
import { nodeFiles } from './node-files';
import { enginePath, joined } from '../core/paths';

const files = nodeFiles({ maxTextBytes: 100 });
let folder = '';

beforeEach(async () => {
  folder = enginePath(await mkdtemp(join(tmpdir(), 'files-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => joined(folder, name);

async function codeOf(work: Promise<unknown>): Promise<string> {
  const outcome = await outcomeOf(() => work);
  return outcome.ok ? 'ok' : outcome.problem.code;
}

test('reads text without its byte-order mark', async () => {
  await writeFile(at('a.sql'), '\uFEFFSELECT 1;\r\n');
  expect(await files.readText(at('a.sql'))).toBe('SELECT 1;\r\n');
});

test('reports a missing file, a folder and a file over the limit by their codes', async () => {
  await writeFile(at('big.sql'), 'x'.repeat(101));
  expect(await codeOf(files.readText(at('none.sql')))).toBe('file-not-found');
  expect(await codeOf(files.readText(at('big.sql/none.sql')))).toBe('file-not-found');
  expect(await codeOf(files.readText(folder))).toBe('file-unreadable');
  expect(await codeOf(files.readText(at('big.sql')))).toBe('file-too-large');
  expect((await files.readBytes(at('big.sql'))).length).toBe(101);
});

test('lists names by code point, folders with a slash, links as what they point to', async () => {
  for (const name of ['b.sql', 'a.sql', 'ä.sql', 'B.sql', '\u{1F600}.sql', '\uFF5E.sql']) await writeFile(at(name), '');
  await mkdir(at('c'));
  await symlink(at('c'), at('link'));
  await symlink(at('gone'), at('broken'));
  expect(await files.list(folder)).toEqual(['B.sql', 'a.sql', 'b.sql', 'broken', 'c/', 'link/', 'ä.sql', '\uFF5E.sql', '\u{1F600}.sql']);
});

test('lists a missing folder as empty', async () => {
  expect(await files.list(at('none'))).toEqual([]);
});

test('tells files, folders and missing paths apart', async () => {
  await writeFile(at('a'), '');
  expect([await files.kind(at('a')), await files.kind(folder), await files.kind(at('b'))]).toEqual(['file', 'folder', 'missing']);
});

test('writes into folders that do not exist yet and leaves no temporary file', async () => {
  await files.write(at('x/y/a.sql'), 'one');
  await files.write(at('x/y/a.sql'), 'two');
  expect(await readFile(at('x/y/a.sql'), 'utf8')).toBe('two');
  expect(await readdir(at('x/y'))).toEqual(['a.sql']);
});

test('keeps the mode of a replaced file and writes through a symbolic link', async () => {
  await writeFile(at('a.sql'), 'one');
  await chmod(at('a.sql'), 0o640);
  await symlink(at('a.sql'), at('link.sql'));
  await files.write(at('link.sql'), 'two');
  expect((await lstat(at('link.sql'))).isSymbolicLink()).toBe(true);
  expect(await readFile(at('a.sql'), 'utf8')).toBe('two');
  expect((await stat(at('a.sql'))).mode & 0o777).toBe(0o640);
});

test('reports a write that cannot happen with the words of the system and leaves no temporary file', async () => {
  await mkdir(at('taken'));
  await writeFile(at('taken/inside'), '');
  const outcome = await outcomeOf(() => files.write(at('taken'), 'x'));
  expect(outcome).toMatchObject({ ok: false, problem: { code: 'file-unwritable', file: at('taken') } });
  expect(outcome.ok ? '' : outcome.problem.cause).toMatch(/EISDIR|ENOTEMPTY|EEXIST|EPERM/);
  expect(await readdir(folder)).toEqual(['taken']);
});
