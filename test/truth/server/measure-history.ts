import type { ReplayStep } from '#engine/databases/observation';
import type { Cluster } from './cluster';
import { advance, type LiveDatabase, measureStep, type MigrationTruth, type Seeder } from './migration-truth';
import type { TruthCache } from './truth-cache';

/** A history as it was replayed: what goes before its migrations, and they. */
export interface History {
  readonly before: readonly ReplayStep[];
  readonly steps: readonly ReplayStep[];
}

export interface HistoryOptions {
  readonly cache: TruthCache;
  /** Called when something has to be measured. */
  readonly cluster: () => Promise<Cluster>;
  /** Makes the rows of empty tables. */
  readonly seeder: Seeder;
  /** Places of the steps to measure; all without it. */
  readonly wanted?: ReadonlySet<number>;
  readonly onStep?: (done: number, total: number) => void;
}

/** The truths of all steps, or of those that are wanted, by the place of the step. */
export async function measureHistory(
  { before, steps }: History,
  { cache, cluster, seeder, wanted, onStep }: HistoryOptions,
): Promise<Map<number, MigrationTruth>> {
  const keys = cache.keysOf(before, steps);
  const truths = new Map<number, MigrationTruth>();
  let live: LiveDatabase | undefined;
  const pending = [...before];
  try {
    for (const [index, step] of steps.entries()) {
      const key = keys[index] ?? '';
      let truth = wanted?.has(index) === false ? undefined : await cache.read(key);
      if (truth || wanted?.has(index) === false) pending.push(step);
      else {
        live ??= await startOf(await cluster());
        for (const each of pending.splice(0)) await advance(live, each, before.includes(each));
        truth = await measureStep(live, step, seeder);
        await cache.write(key, truth);
      }
      if (truth) truths.set(index, truth);
      onStep?.(index + 1, steps.length);
    }
    return truths;
  } finally {
    if (live) {
      await live.cluster.drop(live.name);
      await live.cluster.forgetAll();
    }
  }
}

async function startOf(cluster: Cluster): Promise<LiveDatabase> {
  return { cluster, name: await cluster.create() };
}
