import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder } from './private-folder';

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'private-folder-'));
});
afterEach(() => rm(project, { recursive: true, force: true }));

const ignored = () => readFile(join(project, '.mem8/.gitignore'), 'utf8');

it.each(['.mem8', '.mem8/backups/local'])('hides all of %s from version control', async (path) => {
  makeFolder(join(project, path));
  expect(await ignored()).toBe('*\n');
  expect(await readdir(project)).toEqual(['.mem8']);
});

it('keeps what a person wrote there', async () => {
  makeFolder(join(project, '.mem8'));
  await writeFile(join(project, '.mem8/.gitignore'), '!backups\n');
  makeFolder(join(project, '.mem8/backups'));
  expect(await ignored()).toBe('!backups\n');
});

it('hides no other folder', async () => {
  makeFolder(join(project, 'data/store'));
  expect(await readdir(join(project, 'data'))).toEqual(['store']);
});
