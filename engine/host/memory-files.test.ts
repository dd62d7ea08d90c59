import { expect, test } from 'vitest';
import { outcomeOf } from '../core/problem';
import { memoryFiles, overlayFiles } from './memory-files';

test('lists what lies directly in a folder', async () => {
  const files = memoryFiles({ '/m/b.sql': '', '/m/a/up.sql': '', '/m/a/down.sql': '', '/n.sql': '' });
  expect(await files.list('/m')).toEqual(['a/', 'b.sql']);
  expect(await files.list('/')).toEqual(['m/', 'n.sql']);
  expect(await files.list('/none')).toEqual([]);
  expect(await files.kind('/m/a')).toBe('folder');
});

test('remembers writes and forgets removed files', async () => {
  const files = memoryFiles({ '/a': 'one' });
  await files.write('/b', 'two');
  files.remove('/a');
  expect(files.writes).toEqual(['/b']);
  expect(files.texts()).toEqual({ '/b': 'two' });
  expect(await outcomeOf(() => files.readText('/a'))).toMatchObject({ ok: false, problem: { code: 'file-not-found' } });
});

test('refuses bytes that are not text as a disk would', async () => {
  const files = memoryFiles({ '/a': Uint8Array.of(0xff), '/b/c': '' });
  expect(await outcomeOf(() => files.readText('/a'))).toMatchObject({ ok: false, problem: { code: 'file-not-utf8' } });
  expect(await outcomeOf(() => files.readText('/b'))).toMatchObject({ ok: false, problem: { code: 'file-unreadable' } });
});

test('prefers open documents to the files below, at every read anew', async () => {
  const open = new Map([['/a', '\uFEFFedited']]);
  const files = overlayFiles(memoryFiles({ '/a': 'saved', '/b': 'other' }), (path) => open.get(path));
  expect(await files.readText('/a')).toBe('edited');
  expect(await files.readText('/b')).toBe('other');
  open.delete('/a');
  expect(await files.readText('/a')).toBe('saved');
  open.set('/new', '');
  expect(await files.kind('/new')).toBe('file');
});
