import { join } from 'node:path';
import { silentLogger, type Logger } from '../../../core/host';
import type { ReplayOptions } from '../../database';
import { readServerVersion } from '../embedded/template';
import type {
  ObserveOptions,
  ProbeQuery,
  ReplayStep,
  RoundTrip,
  ShadowLimits,
  ShadowOptions,
  StepObservation,
  StepProbe,
} from '../../observation';
import { isFailure } from './run-context';
import type { EmbeddedShadow, ShadowStatistics } from './embedded-shadow';
import { cancelled, timedOut, unavailable } from './shadow-problems';
import { newCell, type RequestEnd, ShadowWorker, type WorkerEnd } from './shadow-worker';
import { type Asked, RememberedResults } from './remembered-results';
import { ResultCache } from './result-cache';
import { hashQueries, hashSteps } from './step-hashes';
import { cell, type GivenUpOn } from './worker-protocol';
import type { RowsLevel } from './without-rows';

const defaultShadowLimits: ShadowLimits = { statementMs: 5_000, requestMs: 120_000, memoryMb: 768 };

/**
 * With a cache the embedded database is opened only when something is asked that is not known.
 * @throws ProblemError `shadow-unavailable` when the embedded database does not open or is not there
 */
export async function createShadow(options: ReplayOptions): Promise<EmbeddedShadow> {
  const shadow = new WorkerShadow(options);
  if (options.cache === undefined) await shadow.start();
  else await shadow.readVersion();
  return shadow;
}

/** Time that a request gets for each step beyond its limit, milliseconds: a long history on a busy machine is no hang. */
const requestMsPerStep = 2_000;

/** The optimising compiler pays for histories of so many steps. */
const longHistory = 64;

/** How long nothing is asked before the shadow works for itself. */
const idleMs = 500;

/** Workers that may be lost without a statement to blame before the shadow is called unavailable. */
const patience = 3;

/** Results that are wanted of one replay. */
interface Work extends Asked {
  readonly queries: ReadonlyMap<number, readonly ProbeQuery[]>;
  /** The steps that are rehearsed in the same pass. */
  readonly rehearsing?: ReadonlySet<string> | undefined;
}

/**
 * The shadow: an embedded PostgreSQL in a worker thread that replays migrations and says what they do.
 *
 * How a change of one migration costs little:
 * - Results are remembered by the state that they depend on, a hash over all ups so far; only steps without a result run.
 * - The worker's database stands before the last step. That step runs in a transaction that is rolled back, so the next
 *   edit of it needs no way back. It is committed when a step follows it.
 * - Every 64 steps (256 on a command line), and where the chain was last edited, a copy of the database is kept (`CREATE DATABASE ... TEMPLATE`).
 *   An edit in the middle goes on from the nearest copy.
 * - What a script changes outside its database (roles) is compared before a copy is used; where it differs, everything is
 *   replayed in a new data directory.
 *
 * Tables that no script gave rows have made-up ones while a step is observed or rehearsed (`SeedRows`), so that what depends
 * on rows is seen. What is committed is what the scripts do on empty tables.
 *
 * A statement that hangs, takes too much memory or ruins the server costs the worker, not the host: it is reported as
 * given up, remembered by its text, and the rest goes on in a new worker.
 */
class WorkerShadow implements EmbeddedShadow {
  serverVersion = '';
  readonly #limits: ShadowLimits;
  readonly #logger: Logger;
  readonly #results: RememberedResults;
  readonly #givenUp = new Map<string, GivenUpOn>();
  #cell = newCell();
  #worker: ShadowWorker | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #requests = 0;
  #workersLost = 0;
  #disposed = false;
  #idle: NodeJS.Timeout | undefined;
  #preparing: AbortController | undefined;
  #observedLast: Work | undefined;
  /** What the worker was sent last. */
  #sent: readonly string[] = [];
  #previous: readonly string[] = [];

  constructor(readonly options: ReplayOptions) {
    this.#limits = { ...defaultShadowLimits, ...options.limits };
    this.#logger = options.logger ?? silentLogger;
    this.#results = new RememberedResults(
      options.cache === undefined
        ? undefined
        : ResultCache.open(options.cache, [options.worker, join(options.assets, 'version')], this.#limits, this.#logger),
    );
  }

  get statistics(): ShadowStatistics {
    const counters = new Int32Array(this.#cell);
    const at = (slot: number) => Atomics.load(counters, slot);
    return { statementsRun: at(cell.statementsRun), opens: at(cell.opens), basesMade: at(cell.basesMade), workersLost: this.#workersLost };
  }

  async observe(chain: readonly ReplayStep[], options: ObserveOptions = {}): Promise<readonly StepObservation[]> {
    const hashes = hashSteps(chain);
    const all = chain.map((_, index) => index);
    const { rehearsing } = options;
    await this.#complete({ kind: 'observe', keys: hashes.prefixes, chain, hashes, wanted: all, queries: new Map(), rehearsing }, options);
    let afterFailure = false;
    return chain.map((step, index) => {
      const { statements = [], unseeded = [], routines = [] } = this.#results.observed.get(hashes.prefixes[index] ?? '') ?? {};
      const observation = {
        id: step.id,
        statements,
        afterFailure,
        unseeded: unseeded.length > 0 ? unseeded : undefined,
        routines: routines.length > 0 ? routines : undefined,
      };
      afterFailure ||= statements.some(isFailure);
      return observation;
    });
  }

  async rehearse(
    chain: readonly ReplayStep[],
    options: ShadowOptions & { only?: ReadonlySet<string> } = {},
  ): Promise<readonly RoundTrip[]> {
    const hashes = hashSteps(chain);
    const judged = chain.flatMap((step, index) => (!options.only || options.only.has(step.id) ? index : []));
    await this.#complete({ kind: 'rehearse', keys: hashes.roundTrips, chain, hashes, wanted: judged, queries: new Map() }, options);
    return judged.flatMap((index) => {
      const found = this.#results.rehearsed.get(hashes.roundTrips[index] ?? '');
      const id = chain[index]?.id;
      return found && id !== undefined ? { ...found, id } : [];
    });
  }

  async probe(
    chain: readonly ReplayStep[],
    queries: ReadonlyMap<number, readonly ProbeQuery[]>,
    options: ShadowOptions = {},
  ): Promise<ReadonlyMap<number, StepProbe>> {
    const hashes = hashSteps(chain);
    const keys = hashes.prefixes.map((prefix, index) => `${prefix} ${hashQueries(queries.get(index) ?? [])}`);
    const wanted = [...queries.keys()].filter((index) => index < chain.length).sort((a, b) => a - b);
    await this.#complete({ kind: 'probe', keys, chain, hashes, wanted, queries }, options);
    return new Map(
      wanted.flatMap((index) => {
        const found = this.#results.probed.get(keys[index] ?? '');
        return found ? [[index, found] as const] : [];
      }),
    );
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#interruptIdle();
    await this.#queue.catch(() => {});
    await this.#stopWorker();
    await this.#results.save();
  }

  /** Fills the remembered results for the wanted steps. One request at a time; a cancelled one frees its caller at once. */
  async #complete(work: Work, options: ShadowOptions): Promise<void> {
    const { signal } = options;
    if (signal?.aborted) throw cancelled();
    this.#interruptIdle();
    const stop = new AbortController();
    let isLate = false;
    const timer = setTimeout(
      () => {
        isLate = true;
        stop.abort();
      },
      this.#limits.requestMs + (work.wanted.length + (work.rehearsing?.size ?? 0)) * requestMsPerStep,
    );
    const onAbort = () => stop.abort();
    signal?.addEventListener('abort', onAbort);
    const gaveUp = new Promise<never>((_, reject) => {
      stop.signal.addEventListener('abort', () => reject(isLate ? timedOut() : cancelled()));
    });
    const filled = this.#queue.then(() => this.#fill(work, stop.signal, options.onStep));
    this.#queue = filled.catch(() => {});
    try {
      await Promise.race([filled, gaveUp]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      gaveUp.catch(() => {});
      if (work.kind === 'observe') this.#observedLast = work;
      this.#whenIdle();
    }
  }

  async #fill(work: Work, stop: AbortSignal, onStep: ShadowOptions['onStep']): Promise<void> {
    const { kind, keys, chain, hashes, wanted, queries } = work;
    await this.#results.recall(hashes.prefixes[0] ?? '');
    let losses = 0;
    let reported = 0;
    const isMissing = (index: number) => !this.#results.has(kind, keys[index] ?? '');
    const report = () => {
      const done = wanted.filter((index) => !isMissing(index)).length;
      if (done !== reported) onStep?.((reported = done), wanted.length);
    };
    this.#results.use(work);
    report();
    for (;;) {
      const missing = wanted.filter(isMissing);
      if (missing.length === 0 || stop.aborted) return;
      if (this.#disposed) throw unavailable('The shadow was disposed of.');
      const worker = this.#worker ?? (await this.start(chain.length));
      const end = await this.#send(worker, work, missing, stop, report);
      if (end === 'done' && missing.some(isMissing)) throw unavailable('The worker left steps out.');
      if (end === 'done' || end === 'stopped') continue;
      if (end.reason !== 'stopped') {
        const tried = this.#triedQuery(queries, chain);
        if (tried !== undefined) this.#givenUp.set(tried, { reason: end.reason, rows: 0 });
        else if (!end.blamesStatement) losses++;
      }
      await this.#lost(end, chain);
      if (losses >= patience) throw unavailable(end.message);
    }
  }

  /** Asks the worker for results and remembers them. */
  #send(worker: ShadowWorker, work: Work, wanted: readonly number[], stop: AbortSignal, onResult: () => void): Promise<RequestEnd> {
    const { kind, chain, hashes, queries, rehearsing } = work;
    const before = new Set(this.#sent);
    const changedAt = hashes.steps.findIndex((hash, index) => hash !== this.#previous[index]);
    this.#sent = hashes.steps;
    // A part of the chain says nothing of where the whole was edited.
    if (hashes.steps.length >= this.#previous.length) this.#previous = hashes.steps;
    const id = ++this.#requests;
    return worker.run(
      {
        kind,
        id,
        chain: hashes.steps,
        prefixes: hashes.prefixes,
        steps: chain.flatMap((step, index) => {
          const hash = hashes.steps[index] ?? '';
          return before.has(hash) ? [] : [[hash, { id: step.id, up: step.up, down: step.down, session: step.session }] as const];
        }),
        wanted,
        queries: kind === 'probe' ? wanted.map((index) => queries.get(index) ?? []) : [],
        routines: kind === 'observe' ? wanted.map((index) => chain[index]?.routines ?? []) : [],
        changedAt,
        rehearsing: wanted.filter(
          (index) => rehearsing?.has(chain[index]?.id ?? '') && !this.#results.has('rehearse', hashes.roundTrips[index] ?? ''),
        ),
        givenUp: [...this.#givenUp],
      },
      (message) => {
        if (!('id' in message) || message.id !== id) return;
        this.#results.add(message, work);
        onResult();
      },
      stop,
    );
  }

  /**
   * Soon, when nothing else is asked, keeps the results, and brings a database that was not needed so far before the last step, where
   * the next edit is likely.
   */
  #whenIdle(): void {
    if (this.options.once || this.options.cache === undefined || this.#disposed) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      const stop = (this.#preparing = new AbortController());
      const prepared = this.#queue.then(async () => {
        await this.#results.save();
        if (this.#observedLast && !this.#worker && !stop.signal.aborted) await this.#prepare(this.#observedLast, stop.signal);
      });
      this.#queue = prepared.catch((error: unknown) => this.#logger.debug(`The shadow is not prepared: ${String(error)}`));
    }, idleMs);
    this.#idle.unref();
  }

  async #prepare(work: Work, stop: AbortSignal): Promise<void> {
    const worker = this.#worker ?? (await this.start(work.chain.length));
    const end = await this.#send(worker, work, [work.chain.length - 1], stop, () => undefined);
    if (end !== 'done' && end !== 'stopped') await this.#lost(end, work.chain);
  }

  #interruptIdle(): void {
    clearTimeout(this.#idle);
    this.#preparing?.abort();
  }

  async readVersion(): Promise<void> {
    this.serverVersion = await readServerVersion(this.options.assets).catch((error: unknown) => {
      throw unavailable(String(error));
    });
  }

  /** Opens a worker with a data directory of its own. */
  async start(steps = Infinity): Promise<ShadowWorker> {
    const { worker: script, assets, once = false } = this.options;
    this.#sent = [];
    const brief = once && steps < longHistory;
    const worker = new ShadowWorker(script, { assets, limits: this.#limits, cell: this.#cell, once, brief }, this.#limits);
    const opened = await worker.ready();
    if (typeof opened !== 'string') {
      await worker.close();
      throw unavailable(opened.message);
    }
    this.serverVersion = opened;
    this.#worker = worker;
    return worker;
  }

  /** The query or body that was being tried when the worker was lost. */
  #triedQuery(queries: Work['queries'], chain: readonly ReplayStep[]): string | undefined {
    const worker = this.#worker;
    if (!worker?.triesQuery) return undefined;
    const { step } = worker.place;
    return (queries.get(step) ?? chain[step]?.routines)?.[worker.counter(cell.query)]?.sql;
  }

  async #lost(end: WorkerEnd, chain: readonly ReplayStep[]): Promise<void> {
    this.#workersLost++;
    const place = this.#worker?.place;
    if (end.blamesStatement && place && end.reason !== 'stopped') {
      const step = chain[place.step];
      const text = (place.down ? step?.down : step?.up)?.statements[place.statement]?.text;
      const rows = this.#worker?.counter(cell.rows) as RowsLevel;
      if (text !== undefined) this.#givenUp.set(text, { reason: end.reason, rows });
      this.#logger.warn(`The embedded database gave up on a statement of ${step?.id ?? 'a migration'} (${end.reason}): ${end.message}`);
    } else this.#logger.info(`The embedded database restarts: ${end.message}`);
    await this.#stopWorker();
  }

  async #stopWorker(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.close();
    const counters = new Int32Array(this.#cell);
    for (const slot of [cell.cancel, cell.inStatement]) Atomics.store(counters, slot, 0);
  }
}
