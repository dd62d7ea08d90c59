import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeFeeds } from '../../../host/node-feeds';
import { nodeFiles } from '../../../host/node-files';
import { NpmFeed } from './npm-feed';
import { openFeed } from './open-feed';

const run = promisify(execFile);
const answers: Record<string, (response: ServerResponse, accept: string | undefined) => void> = {
  '/feed.json': (response) =>
    response.end(JSON.stringify({ releases: [{ version: '2.0.0', channels: ['stable'], notes: 'n', url: null, more: 1 }] })),
  '/feed.yaml': (response) => response.end('releases:\n  - version: 2.0.0\n    publishedAt: 2026-11-01\n'),
  '/manifest.yaml': (response) =>
    response.end('manifest: 1\nsystem: s\nreleases:\n  - { version: 1.0.0 }\n  - { version: 1.1.0, yanked: It loses rows }\n'),
  '/missing': (response) => response.writeHead(404).end(),
  '/list': (response) => response.end('[1, 2]'),
  '/broken': (response) => response.end('{ "releases": ['),
  '/version': (response) => response.end('{ "releases": [{ "version": "newest" }] }'),
  '/large': (response) => response.end(`releases: [] # ${'x'.repeat(5000)}`),
  '/slow': () => undefined,
  '/@mem8%2Fcore': (response, accept) =>
    response.end(
      JSON.stringify({
        accept,
        'dist-tags': { latest: '1.1.0', next: '2.0.0-rc.1' },
        versions: { '1.0.0': { deprecated: 'It leaks.' }, '1.1.0': {}, '2.0.0-beta.1': {}, '2.0.0-rc.1': {} },
      }),
    ),
};

let server: Server;
let base = '';
let folder = '';
const access = nodeFeeds({ files: nodeFiles(), environment: process.env, timeoutMs: 2000, limitBytes: 4000 });
const read = (address: string, signal?: AbortSignal) => openFeed(address, folder, access).releases(signal);

beforeAll(async () => {
  server = createServer((request, response) => {
    (answers[request.url ?? ''] ?? answers['/missing'])?.(response, request.headers.accept);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(await realpath(tmpdir()), 'mem8-feed-'));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a document', () => {
  it('is a list of releases in JSON or YAML, or a manifest', async () => {
    expect(await read(`${base}/feed.json`)).toEqual({ ok: true, value: [{ version: '2.0.0', channels: ['stable'], notes: 'n' }] });
    expect(await read(`${base}/feed.yaml`)).toEqual({ ok: true, value: [{ version: '2.0.0', publishedAt: '2026-11-01' }] });
    expect(await read(`${base}/manifest.yaml`)).toEqual({
      ok: true,
      value: [{ version: '1.0.0' }, { version: '1.1.0', yanked: 'It loses rows' }],
    });
  });

  it('may be a file beside the manifest', async () => {
    await mkdir(join(folder, 'feeds'));
    await writeFile(join(folder, 'feeds', 'releases.yaml'), 'releases: [{ version: 3.0.0 }]');
    expect(await read('feeds/releases.yaml')).toEqual({ ok: true, value: [{ version: '3.0.0' }] });
    expect(await read('feeds/none.yaml')).toMatchObject({ ok: false, problem: { code: 'file-not-found' } });
  });

  it.each([
    ['/missing', 'feed-unreachable', /returned 404/],
    ['/slow', 'feed-unreachable', /did not respond within 2 s/],
    ['/large', 'feed-invalid', /larger than 4000 bytes/],
    ['/list', 'feed-invalid', /expected object/],
    ['/broken', 'feed-invalid', /neither JSON nor YAML/],
    ['/version', 'feed-invalid', /`releases\.0\.version`: must be a semantic version/],
  ])('at %s is a problem', async (path, code, message) => {
    expect(await read(`${base}${path}`)).toMatchObject({ ok: false, problem: { code, message: expect.stringMatching(message) as string } });
  });

  it('is not taken over plain http from elsewhere, nor from where nobody listens', async () => {
    expect(await read('http://releases.example/feed.json')).toMatchObject({ ok: false, problem: { code: 'feed-invalid' } });
    expect(await read('http://127.0.0.1:1/feed.json')).toMatchObject({ ok: false, problem: { code: 'feed-unreachable' } });
  });

  it('is given up when that is asked for', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    await expect(read(`${base}/slow`, stop.signal)).rejects.toThrow();
  });
});

describe('a package', () => {
  it('offers its versions by tag, and deprecated ones as yanked', async () => {
    expect(await new NpmFeed('npm:@mem8/core', '@mem8/core', access, base).releases()).toEqual({
      ok: true,
      value: [
        { version: '1.0.0', yanked: 'It leaks.' },
        { version: '1.1.0' },
        { version: '2.0.0-beta.1', channels: ['beta'] },
        { version: '2.0.0-rc.1', channels: ['next'] },
      ],
    });
  });

  it('must be one', async () => {
    const at = (name: string) => new NpmFeed(`npm:${name}`, name, access, base).releases();
    expect(await at('../list')).toMatchObject({
      ok: false,
      problem: { code: 'feed-invalid', message: expect.stringContaining('not a package name') as string },
    });
    expect(await at('list')).toMatchObject({ ok: false, problem: { code: 'feed-invalid' } });
    expect(await at('missing')).toMatchObject({ ok: false, problem: { code: 'feed-unreachable' } });
  });
});

describe('a git repository', () => {
  beforeAll(async () => {
    const repository = join(folder, 'repository');
    await mkdir(repository);
    const git = (...words: string[]) =>
      run(
        'git',
        ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'tag.gpgSign=false', '-c', 'commit.gpgSign=false', ...words],
        { cwd: repository },
      );
    await git('init', '-q');
    await git('commit', '-q', '--allow-empty', '-m', 'first');
    await git('tag', 'v1.0.0');
    await git('tag', '-a', '-m', 'annotated', '1.1.0');
    await git('tag', 'nightly');
  });

  it('offers its tags that are versions', async () => {
    const expected = { ok: true, value: [{ version: '1.1.0' }, { version: '1.0.0' }] };
    expect(await read('git:repository')).toEqual(expected);
    expect(await read(`git:${join(folder, 'repository')}`)).toEqual(expected);
  });

  it('must be one, and names no program to run', async () => {
    expect(await read('git:nowhere')).toMatchObject({ ok: false, problem: { code: 'feed-unreachable' } });
    expect(await read('git:--upload-pack=touch owned')).toMatchObject({ ok: false, problem: { code: 'feed-invalid' } });
    expect(await read('git:ext::touch owned')).toMatchObject({ ok: false, problem: { code: 'feed-invalid' } });
  });
});
