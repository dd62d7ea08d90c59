import { expect, it } from 'vitest';
import { memoryFiles } from '../host/memory-files';
import { discoverProjects } from './discover';

const scripts = { 'migrations/0001_a.up.sql': 'SELECT 1;', 'migrations/0001_a.down.sql': 'SELECT 1;' };
const below = (folder: string) => Object.fromEntries(Object.entries(scripts).map(([path, text]) => [`${folder}/${path}`, text]));

it('finds manifests, and directories that no manifest owns', async () => {
  const files = memoryFiles({ '/w/a/upgrade.yaml': 'manifest: 1', ...below('/w/a'), ...below('/w/b'), ...below('/w/node_modules/c') });
  expect(await discoverProjects(files, '/w')).toEqual(['/w/a/upgrade.yaml', '/w/b/migrations']);
});

it('finds the others beside a manifest that cannot be read', async () => {
  const files = memoryFiles({ '/w/a/upgrade.yaml': new Uint8Array([0x61, 0xe9, 0x20]), ...below('/w/a'), ...below('/w/b') });
  expect(await discoverProjects(files, '/w')).toEqual(['/w/a/upgrade.yaml', '/w/b/migrations']);
});
