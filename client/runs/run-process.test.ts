import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '#engine/running/plan';
import { childEnvironment, runProcess } from './run-process';

describe('runProcess', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mem8-run-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function script(name: string, text: string): Promise<string> {
    const path = join(folder, `${name}.cjs`);
    await writeFile(path, text);
    return path;
  }

  it('hands arguments, folder and secrets to the process and its events back', async () => {
    const path = await script(
      'echo',
      `console.log(JSON.stringify({ event: 'progress', step: 1, steps: 1, title: process.argv[2] }));
       console.error('from stderr');
       console.log(JSON.stringify({ event: 'result', ok: true, result: { secret: process.env.MEM8_TEST_SECRET, cwd: process.cwd() } }));`,
    );
    const events: RunEvent[] = [];
    const errors: string[] = [];
    const end = await runProcess({
      script: path,
      arguments: ['a b'],
      folder,
      secrets: { MEM8_TEST_SECRET: 's' },
      onEvent: (event) => events.push(event),
      onErrorLine: (line) => errors.push(line),
    });
    expect(end).toMatchObject({ exitCode: 0, answer: { ok: true, result: { secret: 's' } } });
    expect(events[0]).toMatchObject({ title: 'a b' });
    expect(errors).toEqual(['from stderr']);
  });

  it.skipIf(process.platform === 'win32')('asks a cancelled process to stop and waits for its own end', async () => {
    const path = await script(
      'stops',
      `process.on('SIGINT', () => { console.log(JSON.stringify({ event: 'result', ok: false, result: { problem: { code: 'cancelled', message: '', remedy: '' } } })); process.exit(3); });
       setInterval(() => {}, 1000);
       console.log(JSON.stringify({ event: 'log', level: 'info', message: 'ready' }));`,
    );
    const abort = new AbortController();
    const end = await runProcess({ script: path, arguments: [], folder, secrets: {}, signal: abort.signal, onEvent: () => abort.abort() });
    expect(end).toMatchObject({ exitCode: 3, signal: null, answer: { ok: false } });
  });

  it.skipIf(process.platform === 'win32')('never kills a process that does not stop, but says so and lets a person decide', async () => {
    const path = await script(
      'stubborn',
      `process.on('SIGINT', () => {}); setInterval(() => {}, 1000);
       console.log(JSON.stringify({ event: 'log', level: 'info', message: 'ready' }));`,
    );
    const abort = new AbortController();
    let wasAsked = false;
    const end = await runProcess({
      script: path,
      arguments: [],
      folder,
      secrets: {},
      signal: abort.signal,
      graceMs: 100,
      onEvent: () => abort.abort(),
      onSlowStop: (endNow) => {
        wasAsked = true;
        endNow();
      },
    });
    expect(wasAsked).toBe(true);
    expect(end).toMatchObject({ signal: 'SIGKILL', answer: undefined });
  });

  it('tells when the process cannot be started', async () => {
    const end = await runProcess({ script: 'x', arguments: [], folder: join(folder, 'missing'), secrets: {} });
    expect(end.answer).toBeUndefined();
    expect(end.errorText).not.toBe('');
  });
});

describe('childEnvironment', () => {
  it('makes Electron run as Node and drops what would start a debugger', () => {
    const environment = childEnvironment({ PATH: '/bin', NODE_OPTIONS: '--inspect-brk' }, { A: '1' });
    expect(environment).toEqual({ PATH: '/bin', A: '1', ELECTRON_RUN_AS_NODE: '1' });
  });
});
