import { expect, it } from 'vitest';
import { runCommandLine } from '#cli';
import { memoryFiles } from '#engine/host/memory-files';
import { systemClock } from '#engine/host/node-host';

const manifest = 'manifest: 1\nsystem: pets\nreleases:\n  - { version: 1.0.0, features: { search: stable } }\n';

async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCommandLine(['matrix', ...words], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    cwd: '/project',
    environment: {},
    isInteractive: false,
    colors: false,
    columns: 80,
    files: memoryFiles({ '/project/upgrade.yaml': manifest, '/project/broken.yaml': '- 1', '/project/empty/a.txt': '' }),
    clock: systemClock,
    distribution: '/none',
    nodeVersion: process.version,
    signal: new AbortController().signal,
    ask: async () => undefined,
  });
  return { code, out, err };
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
