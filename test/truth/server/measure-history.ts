import type { ReplayStep } from '#engine/shadow/observation';
import type { Cluster } from './cluster';
import { advance, type LiveDatabase, measureStep, type MigrationTruth } from './migration-truth';
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
  readonly onStep?: (done: number, total: number) => void;
}

/** What the migrations of a history really do, one for each step. */
export async function measureHistory({ before, steps }: History, { cache, cluster, onStep }: HistoryOptions): Promise<MigrationTruth[]> {
  const keys = cache.keysOf(before, steps);
  const truths: MigrationTruth[] = [];
  let live: LiveDatabase | undefined;
  const pending = [...before];
  try {
    for (const [index, step] of steps.entries()) {
      const key = keys[index] ?? '';
      let truth = await cache.read(key);
      if (truth) pending.push(step);
      else {
        live ??= await startOf(await cluster());
        for (const each of pending.splice(0)) await advance(live, each, before.includes(each));
        truth = await measureStep(live, step);
        await cache.write(key, truth);
      }
      truths.push(truth);
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
  return { cluster, name: await cluster.create(), state: undefined };
}
