import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeFiles } from '#engine/host/node-files';
import { runCommand } from '../testing/run-command';

const manifest = `manifest: 1
system: s
feed: feed.yaml
channels: [candidate, stable]
targets: { local: { driver: pglite, path: data } }
releases:
  - { version: 1.0.0, channels: [stable] }
  - { version: 1.1.0, channels: [candidate] }
`;
const feed =
  'releases:\n  - { version: 1.2.0, channels: [stable], publishedAt: 2026-11-01, notes: Waves are stored, url: https://example.org/1.2.0 }\n';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(await realpath(tmpdir()), 'mem8-updates-'));
  await writeFile(join(folder, 'upgrade.yaml'), manifest);
  await writeFile(join(folder, 'feed.yaml'), feed);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(...words: string[]) {
  return runCommand(['updates', ...words], { files: nodeFiles(), cwd: folder });
}

it('tells where a target could go, and why not further', async () => {
  expect(await run()).toEqual({
    code: 0,
    out: `release   nothing applied yet, 1 announced in feed.yaml
updates
  1.0.0
  1.1.0
not now
  1.2.0
    1.2.0 is announced, but this manifest does not list it: update the project first.
    2026-11-01 Waves are stored https://example.org/1.2.0
`,
    err: '',
  });
});

it('keeps to a channel, and leaves the feed alone where that is asked for', async () => {
  const { out } = await run('--channel', 'stable', '--no-feed', '--json');
  expect(JSON.parse(out)).toEqual({
    current: null,
    channel: 'stable',
    updates: [{ release: '1.0.0', path: ['1.0.0'] }],
    blocked: [{ release: '1.1.0', reasons: [expect.stringContaining('not offered in the channel stable')] }],
  });
  expect(await run('--channel', 'stabel')).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean stable?') as string });
});

it('tells a feed that cannot be read by its exit code, and goes on with the manifest', async () => {
  await writeFile(join(folder, 'feed.yaml'), '[]');
  const { code, out, err } = await run();
  expect({ code, out, err }).toMatchObject({
    code: 3,
    out: expect.stringContaining('1.1.0') as string,
    err: expect.stringContaining('feed-invalid') as string,
  });
});
