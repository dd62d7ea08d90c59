import { createHash } from 'node:crypto';
import type { ReplayStep, RoundTrip, StepProbe } from '../../observation';
import type { ResultCache, StoredResult } from './result-cache';
import type { StepHashes } from './step-hashes';
import type { ObservedStep, RequestKind, WorkerMessage } from './worker-protocol';

/** Results in memory at most; a longer history keeps its own twice. */
const mostResults = 5_000;
/** Results on disk at most, likewise. */
const mostStored = 2_000;

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

/**
 * Results of the shadow by what they depend on, those that were used longest ago forgotten first. With a cache they outlive the
 * program: all results of one shadow are one file, which is named after the first step that it was asked for.
 */
export class RememberedResults {
  readonly observed = new Map<string, ObservedStep>();
  readonly rehearsed = new Map<string, RoundTrip>();
  readonly probed = new Map<string, StepProbe>();
  #name: string | undefined;
  #longest = 0;
  #isSaved = true;
  /** True once a statement was given up on for its time. */
  #ranTooLong = false;
  /** Keys in the order of their last use. */
  readonly #used = new Set<string>();
  /** Observations from the cache that nobody has asked for yet, with the routines that were tried. */
  readonly #recalled = new Map<string, string>();
  /** By key, the routines that were tried: an observation depends on them besides its key. */
  readonly #tried = new Map<string, string>();

  constructor(readonly cache: Promise<ResultCache | undefined> | undefined) {}

  has(kind: RequestKind, key: string): boolean {
    return this.#resultsOf(kind).has(key);
  }

  /** To be called before anything is asked: brings what was saved earlier. */
  async recall(name: string): Promise<void> {
    if (this.#name !== undefined) return;
    this.#name = name;
    for (const { kind, key, value, tried } of (await (await this.cache)?.load(name)) ?? []) {
      this.#resultsOf(kind).set(key, value);
      if (kind === 'observe') this.#recalled.set(key, tried);
      this.#used.add(key);
    }
  }

  /** Notes that results are used, and forgets those that say nothing of what is asked now. */
  use({ kind, keys, chain, wanted }: Asked): void {
    const results: Map<string, unknown> = this.#resultsOf(kind);
    this.#longest = Math.max(this.#longest, chain.length);
    for (const index of wanted) {
      const key = keys[index] ?? '';
      if (kind === 'observe') this.#accept(key, chain[index]);
      this.#used.delete(key);
      this.#used.add(key);
      if (!results.has(key)) continue;
      const value = results.get(key);
      results.delete(key);
      results.set(key, value);
    }
  }

  add(message: WorkerMessage, { keys, chain, hashes }: Asked): void {
    if (message.type === 'observed') {
      this.observed.set(keys[message.index] ?? '', message.observed);
      this.#tried.set(keys[message.index] ?? '', triedIn(chain[message.index]));
    } else if (message.type === 'rehearsed') this.rehearsed.set(hashes.roundTrips[message.index] ?? '', message.roundTrip);
    else if (message.type === 'probed') this.probed.set(keys[message.index] ?? '', message.probe);
    else return;
    this.#isSaved = false;
    this.#ranTooLong ||= JSON.stringify(message).includes('"gaveUp":"time"');
    for (const results of [this.observed, this.rehearsed, this.probed]) forgetOldest(results, Math.max(mostResults, 2 * chain.length));
  }

  /** Keeps on disk what was used last. Never fails. */
  async save(): Promise<void> {
    const cache = await this.cache;
    if (!cache || this.#name === undefined || this.#isSaved) return;
    this.#isSaved = true;
    // Another time they may not take too long, and what followed them would be another state.
    if (this.#ranTooLong) return;
    const newest = [...this.#used].slice(-Math.max(mostStored, 4 * this.#longest));
    const stored = newest.flatMap((key): StoredResult[] =>
      kinds.flatMap((kind) => {
        const value = this.#resultsOf(kind).get(key);
        return value === undefined ? [] : { kind, key, value, tried: this.#tried.get(key) ?? this.#recalled.get(key) ?? '' };
      }),
    );
    await cache.save(this.#name, stored);
  }

  /** Lets a recalled observation stand if the same routines were tried at the step. */
  #accept(key: string, step: ReplayStep | undefined): void {
    const tried = this.#recalled.get(key);
    if (tried === undefined) return;
    this.#recalled.delete(key);
    if (tried === triedIn(step)) this.#tried.set(key, tried);
    else this.observed.delete(key);
  }

  #resultsOf(kind: RequestKind): Map<string, unknown> {
    return { observe: this.observed, rehearse: this.rehearsed, probe: this.probed }[kind];
  }
}

const kinds: readonly RequestKind[] = ['observe', 'rehearse', 'probe'];

/** A name for the routines that are tried at a step. */
function triedIn(step: ReplayStep | undefined): string {
  const routines = step?.routines ?? [];
  if (routines.length === 0) return '';
  const digest = createHash('sha1');
  for (const { statement, sql } of routines) digest.update(`${statement}:${sql.length}:`).update(sql);
  return digest.digest('base64');
}

function forgetOldest(results: Map<string, unknown>, most: number): void {
  for (const oldest of results.keys()) {
    if (results.size <= most) break;
    results.delete(oldest);
  }
}
