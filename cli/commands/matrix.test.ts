import { expect, it } from 'vitest';
import { memoryFiles } from '#engine/host/memory-files';
import { runCommand } from '../testing/run-command';

const manifest = 'manifest: 1\nsystem: pets\nreleases:\n  - { version: 1.0.0, features: { search: stable } }\n';

function run(...words: string[]) {
  const files = memoryFiles({ '/project/upgrade.yaml': manifest, '/project/broken.yaml': '- 1', '/project/empty/a.txt': '' });
  return runCommand(['matrix', ...words], { files });
}

it('shows the features of each release', async () => {
  expect(await run()).toEqual({ code: 0, out: '        1.0.0\nsearch  stable\n', err: '' });
  expect((await run('upgrade.yaml', '--format', 'markdown')).out).toContain('| search | stable |');
  expect(JSON.parse((await run('--format', 'json')).out)).toMatchObject({
    features: [{ feature: 'search', cells: [{ stage: 'stable' }] }],
  });
});

it('says what is wrong with a manifest that cannot be shown', async () => {
  expect(await run('gone.yaml')).toMatchObject({ code: 2, out: '' });
  expect((await run('broken.yaml')).err).toContain('broken.yaml');
  expect((await run('empty')).err).toContain('There is no manifest in /project/empty.');
});
