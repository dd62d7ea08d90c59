import { expect, it } from 'vitest';
import { memoryFiles } from '#engine/host/memory-files';
import { FileChanges, type FileEvent } from './file-changes';
import { RecordedFiles } from './recorded-files';

const disk = memoryFiles({ '/w/db/migrations/1.sql': 'SELECT 1', '/w/upgrade.yaml': '' });

async function reader(): Promise<RecordedFiles> {
  const read = new RecordedFiles(disk);
  await read.files.list('/w');
  await read.files.list('/w/db/migrations');
  await read.files.readText('/w/db/migrations/1.sql');
  await read.files.kind('/w/sizes.json');
  return read;
}

const event = (type: FileEvent['type'], path: string): FileEvent => ({ type, path });

it.each([
  ['a script that was read', event('changed', '/w/db/migrations/1.sql'), true],
  ['a script in a folder that was listed', event('created', '/w/db/migrations/2.sql'), true],
  ['a file that was missed', event('created', '/w/sizes.json'), true],
  ['the folder itself', event('deleted', '/w/db/migrations'), true],
  ['a folder above', event('deleted', '/w/db'), true],
  ['a new folder in one that was listed', event('created', '/w/db'), true],
  ['a script elsewhere', event('created', '/w/reports/2.sql'), false],
  ['a script for one database', event('created', '/w/db/migrations/2.sql.postgres'), true],
  ['a file beside that nobody reads', event('created', '/w/db/migrations/.1.sql.swp'), false],
  ['an object of git', event('created', '/w/.git/objects/1.sql'), false],
  ['a text that nobody read', event('changed', '/w/other.sql'), false],
])('tells whether %s concerns a project', async (_, change, expected) => {
  const changes = await FileChanges.of([change], disk);
  expect(changes.concern(await reader())).toBe(expected);
});

it.each([
  ['a new script', event('created', '/w/new/1.sql'), true],
  ['a new folder', event('created', '/w/db'), true],
  ['the folder of a known project', event('deleted', '/w/db'), true],
  ['a manifest that was saved', event('changed', '/w/upgrade.yaml'), true],
  ['a script that was saved', event('changed', '/w/db/migrations/1.sql'), false],
  ['new code', event('created', '/w/src/main.rs'), false],
  ['another folder that is gone', event('deleted', '/w/target'), false],
])('tells whether there may be other projects after %s', async (_, change, expected) => {
  const changes = await FileChanges.of([change], disk);
  expect(changes.mayMoveProjects(['/w/db/migrations'])).toBe(expected);
});
