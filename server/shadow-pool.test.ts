import { expect, it } from 'vitest';
import { silentLogger } from '#engine/core/host';
import type { Shadow } from '#engine/databases/observation';
import { ShadowPool } from './shadow-pool';

interface Job {
  readonly done: Promise<string>;
  readonly finish: () => void;
  readonly cancel: () => void;
}

class Jobs {
  readonly running: string[] = [];
  readonly disposed: string[] = [];
  #started = 0;
  readonly pool = new ShadowPool(
    async () => this.#shadow(`shadow ${++this.#started}`),
    silentLogger,
    () => undefined,
  );

  start(project: string, isUrgent: boolean | (() => boolean)): Job {
    const controller = new AbortController();
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const urgent = typeof isUrgent === 'boolean' ? () => isUrgent : isUrgent;
    const done = this.pool.use({ project, isUrgent: urgent, signal: controller.signal }, async () => {
      this.running.push(project);
      await finished;
      this.running.splice(this.running.indexOf(project), 1);
      return project;
    });
    done.catch(() => undefined);
    return { done, finish, cancel: () => controller.abort(new Error('cancelled')) };
  }

  async settle(): Promise<readonly string[]> {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return this.running;
  }

  #shadow(serverVersion: string): Shadow {
    return { serverVersion, dispose: async () => void this.disposed.push(serverVersion) } as unknown as Shadow;
  }
}

it('lets what somebody waits for in at once, and the rest alone and afterwards', async () => {
  const jobs = new Jobs();
  const background = jobs.start('a', false);
  jobs.start('b', false);
  const urgent = jobs.start('c', true);
  expect(await jobs.settle()).toEqual(['a', 'c']);
  background.finish();
  expect(await jobs.settle()).toEqual(['c']);
  urgent.finish();
  expect(await jobs.settle()).toEqual(['b']);
});

it('never takes a shadow away that is in use', async () => {
  const jobs = new Jobs();
  const first = jobs.start('a', true);
  const second = jobs.start('b', true);
  const third = jobs.start('c', true);
  expect(await jobs.settle()).toEqual(['a', 'b']);
  expect(jobs.disposed).toEqual([]);
  second.finish();
  expect(await jobs.settle()).toEqual(['a', 'c']);
  expect(jobs.disposed).toEqual(['shadow 2']);
  first.finish();
  third.finish();
});

it('lets in what becomes urgent while it waits', async () => {
  const jobs = new Jobs();
  let isUrgent = false;
  jobs.start('a', false);
  jobs.start('b', () => isUrgent);
  expect(await jobs.settle()).toEqual(['a']);
  isUrgent = true;
  jobs.pool.look();
  expect(await jobs.settle()).toEqual(['a', 'b']);
});

it('ends the wait of what is no longer wanted', async () => {
  const jobs = new Jobs();
  jobs.start('a', false);
  const waiting = jobs.start('b', false);
  await jobs.settle();
  waiting.cancel();
  await expect(waiting.done).rejects.toThrow('cancelled');
});
