import type { ReplayStep, RoundTrip, StepProbe } from '../../observation';
import type { ResultCache, StoredResult } from './result-cache';
import { hashRoutines, type StepHashes } from './step-hashes';
import type { ObservedStep, RequestKind, WorkerMessage } from './worker-protocol';

/** Results of a kind in memory at most; a longer history keeps its own twice. */
const mostResults = 5_000;
/** Results of a kind on disk at most, likewise. */
const mostStored = 1_000;

/** What a replay is asked for. */
export interface Asked {
  readonly kind: RequestKind;
  /** What each step's result is remembered by. */
  readonly keys: readonly string[];
  readonly chain: readonly ReplayStep[];
  readonly hashes: StepHashes;
  /** Indexes of steps, ascending. */
  readonly wanted: readonly number[];
}

/** An observation with a name for the routines that were tried, on which it depends besides its key. */
interface Observed extends ObservedStep {
  readonly tried: string;
}

/**
 * Results of the shadow by what they depend on, those that were used longest ago first and forgotten first. With a cache they outlive
 * the program: all results of one shadow are one file, which is named after the first step that it was asked for.
 */
export class RememberedResults {
  readonly observed = new Map<string, Observed>();
  readonly rehearsed = new Map<string, RoundTrip>();
  readonly probed = new Map<string, StepProbe>();
  #name: string | undefined;
  #longest = 0;
  #isSaved = true;
  /** True once a statement was given up on for its time. */
  #ranTooLong = false;
  /** Keys of observations from the cache that nobody has asked for yet. */
  readonly #recalled = new Set<string>();

  constructor(readonly cache: Promise<ResultCache | undefined> | undefined) {}

  has(kind: RequestKind, key: string): boolean {
    return this.#resultsOf(kind).has(key);
  }

  /** To be called before anything is asked: brings what was saved earlier. */
  async recall(name: string): Promise<void> {
    if (this.#name !== undefined) return;
    this.#name = name;
    for (const { kind, key, value } of (await (await this.cache)?.load(name)) ?? []) {
      this.#resultsOf(kind).set(key, value);
      if (kind === 'observe') this.#recalled.add(key);
    }
  }

  /** Notes that results are used, and forgets those that say nothing of what is asked now. */
  use({ kind, keys, chain, wanted }: Asked): void {
    const results = this.#resultsOf(kind);
    this.#longest = Math.max(this.#longest, chain.length);
    for (const index of wanted) {
      const key = keys[index] ?? '';
      if (kind === 'observe') this.#accept(key, chain[index]);
      if (!results.has(key)) continue;
      const value = results.get(key);
      results.delete(key);
      results.set(key, value);
    }
  }

  add(message: WorkerMessage, { keys, chain, hashes }: Asked): void {
    if (message.type === 'observed') {
      this.observed.set(keys[message.index] ?? '', { ...message.observed, tried: triedIn(chain[message.index]) });
    } else if (message.type === 'rehearsed') this.rehearsed.set(hashes.roundTrips[message.index] ?? '', message.roundTrip);
    else if (message.type === 'probed') this.probed.set(keys[message.index] ?? '', message.probe);
    else return;
    this.#isSaved = false;
    if (this.cache) this.#ranTooLong ||= JSON.stringify(message).includes('"gaveUp":"time"');
    for (const results of [this.observed, this.rehearsed, this.probed]) forgetOldest(results, Math.max(mostResults, 2 * chain.length));
  }

  /** Keeps on disk what was used last. Never fails. */
  async save(): Promise<void> {
    const cache = await this.cache;
    // Another time a statement may not take too long, and what followed it would be another state.
    if (!cache || this.#name === undefined || this.#isSaved || this.#ranTooLong) return;
    this.#isSaved = true;
    const most = Math.max(mostStored, 2 * this.#longest);
    const stored = kinds.flatMap((kind) =>
      [...this.#resultsOf(kind)].slice(-most).map(([key, value]): StoredResult => ({ kind, key, value })),
    );
    await cache.save(this.#name, stored);
  }

  /** Lets a recalled observation stand if the same routines were tried at the step. */
  #accept(key: string, step: ReplayStep | undefined): void {
    if (this.#recalled.delete(key) && this.observed.get(key)?.tried !== triedIn(step)) this.observed.delete(key);
  }

  #resultsOf(kind: RequestKind): Map<string, unknown> {
    return { observe: this.observed, rehearse: this.rehearsed, probe: this.probed }[kind];
  }
}

const kinds: readonly RequestKind[] = ['observe', 'rehearse', 'probe'];

function triedIn(step: ReplayStep | undefined): string {
  return hashRoutines(step?.routines ?? []);
}

function forgetOldest(results: Map<string, unknown>, most: number): void {
  for (const oldest of results.keys()) {
    if (results.size <= most) break;
    results.delete(oldest);
  }
}
