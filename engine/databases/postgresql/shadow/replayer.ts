import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { extensionsOf } from './extensions';
import { BaseStore } from './base-store';
import { Catalog } from './catalog';
import { factPreparations } from '../catalogue/facts';
import { rowPreparations } from '../catalogue/fingerprint';
import { observationPreparations, StatementObserver } from './observe-statement';
import type { ReplayScript, ReplayStep, RoutineOutcome, RoutineProbe } from '../../observation';
import {
  canRunInOneTransaction,
  roundTripCommitted,
  roundTripInTransaction,
  type RoundTripContext,
  type RoundTripOutcome,
} from './round-trip';
import { mayChangeQueries, onlyAdds, QueryProber } from './probe-queries';
import { limitMemory } from './memory-limit';
import { LackedSettings } from './lacked-settings';
import { isAtomic, openingBlock, Stopped, type RunContext } from './run-context';
import { runScript } from './run-script';
import { noRemoval } from './seeding/seed-rows';
import { seedPreparations } from './seeding/seed-facts';
import { mayChangeSession, Sessions } from './session';
import { tryRoutine, untriedRoutine } from './try-routine';
import { BrokenInstance, type Wire } from './wire';
import { rowsMayBeAtFault } from './without-rows';
import { WatchedWork } from './watched-work';
import type { WorkerMessage, WorkerRequest, WorkerStart } from './worker-protocol';

/** A copy of the database is kept after so many steps. */
const baseInterval = 64;
const baseIntervalOnce = 256;

/** Carries out the host's requests on one data directory. Lives in the worker. */
class Replayer {
  readonly work: WatchedWork;
  readonly #store: BaseStore;
  readonly #steps = new Map<string, ReplayStep>();
  readonly #sessions = new Sessions();
  #catalog: Catalog | undefined;
  #catalogIsCurrent = false;
  readonly #settings = new LackedSettings();

  constructor(
    readonly start: WorkerStart,
    readonly send: (message: WorkerMessage) => void,
  ) {
    this.work = new WatchedWork(start);
    this.#store = new BaseStore(
      start.assets,
      start.limits.memoryMb,
      start.brief,
      (wire) => this.#opened(wire),
      () => this.work.count('basesMade'),
    );
  }

  /** Opens the database. Returns the server's version. */
  async open(): Promise<string> {
    await this.#store.open(new Set());
    return (await this.#store.wire.rows('SHOW server_version'))[0]?.[0]?.split(' ')[0] ?? '';
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  /** @throws BrokenInstance */
  async handle(request: WorkerRequest): Promise<void> {
    const wanted = new Set(request.chain);
    for (const hash of this.#steps.keys()) if (!wanted.has(hash)) this.#steps.delete(hash);
    for (const [hash, step] of request.steps) this.#steps.set(hash, step);
    this.work.giveUpOn(request.givenUp);
    const chain = request.chain.map((hash) => this.#steps.get(hash)).filter((step) => step !== undefined);
    this.work.ranStatement = false;
    let stopped = false;
    try {
      await this.#store.open(extensionsOf(chain));
      for (const index of request.wanted) {
        const step = chain[index];
        if (!step) continue;
        await this.#goTo(index, chain, request);
        await this.#store.seeds.ensure(this.#store.wire);
        this.work.beat();
        this.work.enterStep(index);
        if (request.kind === 'observe') await this.#observeAndRehearse(index, step, chain, request);
        else if (request.kind === 'rehearse') await this.#rehearse(index, step, chain, request);
        else await this.#probe(index, step, chain, request);
      }
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      stopped = true;
    }
    this.send({ type: 'done', id: request.id, stopped });
  }

  async #opened(wire: Wire): Promise<void> {
    this.work.count('opens');
    this.work.beat();
    // A failed load of another library keeps this one from loading later, so load it now.
    await wire.rows('DO $$ BEGIN END $$');
    this.#catalog = new Catalog(wire);
    this.#catalogIsCurrent = false;
    await prepareAll(wire);
  }

  /** Brings the live database to the state before step `index`. */
  async #goTo(index: number, chain: readonly ReplayStep[], request: WorkerRequest): Promise<void> {
    const from = await this.#store.goBackTo(request.prefixes.slice(0, index));
    for (let at = from; at < index; at++) {
      await this.#keepBaseAt(at, chain, request);
      const step = chain[at];
      if (!step) continue;
      this.work.enterStep(at);
      await this.#committing(at, step, request, async () => {
        this.work.enterScript(false);
        await runScript(this.#context(), step.up, { end: 'commit', seeds: this.#store.seeds });
        this.#catalogIsCurrent = false;
      });
    }
    await this.#keepBaseAt(index, chain, request);
  }

  async #keepBaseAt(at: number, chain: readonly ReplayStep[], request: WorkerRequest): Promise<void> {
    const step = chain[at];
    const takenBack =
      at === chain.length - 1 && step !== undefined && isAtomic(step.up) && (step.down === undefined || isAtomic(step.down));
    const interval = this.start.once ? baseIntervalOnce : baseInterval;
    if ((at > 0 && at % interval === 0) || (at === request.changedAt && !takenBack)) await this.#store.keepBase();
    this.work.beat();
  }

  /** Does something that moves the live database on to the state after a step; when it is stopped the state is what is left of it. */
  async #committing(index: number, step: ReplayStep, { prefixes }: WorkerRequest, work: () => Promise<void>): Promise<void> {
    const before = this.#store.livePrefix;
    const prefix = prefixes[index] ?? '';
    this.#store.setLive(undefined);
    try {
      await this.#sessions.begin(this.#store.wire, step, prefixes[index - 1] ?? '');
      await work();
      await this.#sessions.end(this.#store.wire, prefix);
      await this.#resetSession(false);
      this.#store.setLive(prefix);
    } catch (error) {
      if (error instanceof Stopped) {
        await this.#store.wire.query('ROLLBACK', false);
        await this.#resetSession(false);
        this.#catalogIsCurrent = false;
        if (isAtomic(step.up)) this.#store.setLive(before);
      }
      throw error;
    }
  }

  /**
   * A step that is rehearsed as well is observed first, as what fails there teaches which settings it lacks and what takes too long. Its
   * transaction is then rolled back, and the rehearsal leads on to the state after the step. A step that commits itself, that
   * cannot be rehearsed in one transaction, or that changes what later connections find is left to a request of its own.
   */
  async #observeAndRehearse(index: number, step: ReplayStep, chain: readonly ReplayStep[], request: WorkerRequest): Promise<void> {
    const isRehearsed = request.rehearsing.includes(index) && isAtomic(step.up) && canRunInOneTransaction(step) && !mayChangeSession(step);
    const before = this.#store.livePrefix;
    await this.#observe(index, step, isRehearsed || index === chain.length - 1, request);
    if (!isRehearsed || this.#store.livePrefix !== before) return;
    await this.#store.seeds.ensure(this.#store.wire);
    this.work.enterStep(index);
    await this.#rehearse(index, step, chain, request);
  }

  async #observe(index: number, step: ReplayStep, takesBack: boolean, request: WorkerRequest): Promise<void> {
    const probes = request.routines[request.wanted.indexOf(index)] ?? [];
    let end: 'commit' | 'rollback' = takesBack && isAtomic(step.up) ? 'rollback' : 'commit';
    const before = this.#store.livePrefix;
    await this.#committing(index, step, request, async () => {
      const catalog = await this.#currentCatalog();
      const { unseeded } = this.#store.seeds;
      const routines = probes.map(() => untriedRoutine);
      catalog.mark();
      this.work.enterScript(false);
      const statements = await runScript(this.#context(), step.up, {
        end,
        observer: new StatementObserver(this.#store.wire, catalog),
        seeds: this.#store.seeds,
        onCommit: () => (end = 'commit'),
        beforeEnd: (statement, inTransaction) => this.#tryRoutines(probes, statement, inTransaction, routines),
      });
      if (end === 'rollback') catalog.revert();
      else catalog.keep();
      this.send({ type: 'observed', id: request.id, index, observed: { statements, unseeded, routines } });
    });
    if (end === 'rollback') this.#store.setLive(before);
    if (mentionsTemporary(step.up)) this.#catalogIsCurrent = false;
  }

  /** Tries the routines of a statement and notes what came out of it. */
  async #tryRoutines(
    probes: readonly RoutineProbe[],
    statement: number,
    inTransaction: boolean,
    outcomes: RoutineOutcome[],
  ): Promise<void> {
    for (const [place, probe] of probes.entries()) {
      if (probe.statement !== statement || this.work.givenUp(probe.sql)) continue;
      this.work.enterQuery(place);
      outcomes[place] = await tryRoutine(this.#store.wire, probe, inTransaction);
      this.work.leaveQuery();
      this.work.beat();
    }
  }

  async #probe(index: number, step: ReplayStep, chain: readonly ReplayStep[], request: WorkerRequest): Promise<void> {
    const prober = new QueryProber(this.#store.wire, request.queries[request.wanted.indexOf(index)] ?? [], {
      givenUp: (text) => this.work.givenUp(text),
      entering: (query) => this.work.enterQuery(query),
      left: () => this.work.leaveQuery(),
    });
    const before = this.#store.livePrefix;
    let end: 'commit' | 'rollback' =
      index === chain.length - 1 && isAtomic(step.up) && openingBlock(step.up) !== 'none' ? 'rollback' : 'commit';
    await prober.begin();
    let isPending = false;
    await this.#committing(index, step, request, async () => {
      this.work.enterScript(false);
      await runScript(this.#context(), step.up, {
        end,
        seeds: this.#store.seeds,
        onCommit: () => (end = 'commit'),
        afterEach: async (statement, inTransaction) => {
          const text = step.up.statements[statement]?.text ?? '';
          const mayChange = mayChangeQueries(text);
          isPending ||= mayChange;
          const isLast = statement === step.up.statements.length - 1;
          if (isPending && (isLast || (mayChange && !onlyAdds(text)))) {
            await prober.after(statement, inTransaction);
            isPending = false;
          }
          this.work.beat();
        },
      });
      if (end === 'commit') this.#catalogIsCurrent = false;
    });
    if (end === 'rollback') this.#store.setLive(before);
    this.send({ type: 'probed', id: request.id, index, probe: prober.result });
  }

  async #rehearse(index: number, step: ReplayStep, chain: readonly ReplayStep[], request: WorkerRequest): Promise<void> {
    const before = this.#store.livePrefix;
    const { unseeded } = this.#store.seeds;
    const keep = index < chain.length - 1;
    let outcome: RoundTripOutcome = { again: true };
    let committed = false;
    this.#store.setLive(undefined);
    // What value suits a setting an observation finds out for itself.
    const settings = new LackedSettings(this.#settings);
    const prefix = request.prefixes[index] ?? '';
    const beforeStep = request.prefixes[index - 1] ?? '';
    try {
      const context: RoundTripContext = {
        ...this.#context(),
        settings,
        catalog: await this.#currentCatalog(),
        seeds: this.#store.seeds,
        enter: (down) => this.work.enterScript(down),
        resetSession: async (inTransaction) => {
          await this.#resetSession(inTransaction);
          await this.#sessions.start(this.#store.wire, step);
        },
      };
      await this.#sessions.begin(this.#store.wire, step, beforeStep);
      if (canRunInOneTransaction(step)) outcome = await roundTripInTransaction(context, step, keep);
      if (outcome.again) {
        this.#store.setLive(before);
        if (request.kind === 'observe') {
          this.#catalogIsCurrent = false;
          return await this.#leaveRehearsal(settings);
        }
        if (index === request.changedAt) await this.#store.keepBase();
        this.#store.setLive(undefined);
        this.#catalogIsCurrent = false;
        committed = true;
        outcome = await this.#rehearseCommitted(context, index, step, chain, request);
      }
      await this.#leaveRehearsal(settings);
    } catch (error) {
      if (error instanceof Stopped) {
        await this.#store.wire.query('ROLLBACK', false);
        await this.#resetSession(false);
        this.#catalogIsCurrent = false;
        if (!committed) this.#store.setLive(before);
      }
      throw error;
    }
    if (outcome.left === 'before') this.#store.setLive(before);
    else if (outcome.left === 'after' && this.#sessions.knows(prefix, step, beforeStep)) this.#store.setLive(prefix);
    if (mentionsTemporary(step.up)) this.#catalogIsCurrent = false;
    const roundTrip = unseeded.length > 0 ? { ...outcome.roundTrip, unseeded } : outcome.roundTrip;
    this.send({ type: 'rehearsed', id: request.id, index, roundTrip });
  }

  /** A setting that once had a value stays known to its connection, and no observation would find it lacking there. */
  async #leaveRehearsal(settings: LackedSettings): Promise<void> {
    await this.#resetSession(false);
    if (settings.size > this.#settings.size) await this.#store.reconnect();
  }

  /** With made-up rows; when they are what makes a script fail, from the state before the step once more, without them. */
  async #rehearseCommitted(
    context: RoundTripContext,
    index: number,
    step: ReplayStep,
    chain: readonly ReplayStep[],
    request: WorkerRequest,
  ): Promise<Extract<RoundTripOutcome, { again: false }>> {
    const outcome = await roundTripCommitted(context, step);
    const { failure } = outcome.roundTrip;
    if (!failure) return outcome;
    const { text = '' } = (failure.script === 'down' ? step.down : step.up)?.statements[failure.statement] ?? {};
    const lacked = context.settings.learn(failure.error);
    if (!lacked && !(this.#store.seeds.present && rowsMayBeAtFault(failure.error, text))) return outcome;
    await this.#goTo(index, chain, request);
    this.#store.setLive(undefined);
    await this.#sessions.begin(this.#store.wire, step, request.prefixes[index - 1] ?? '');
    const { wire, seeds } = this.#store;
    const removal = { ...noRemoval, tables: seeds.all() };
    await wire.rows('BEGIN');
    await seeds.remove(wire, removal);
    await wire.rows('COMMIT');
    seeds.committed(removal);
    const catalog = await this.#currentCatalog();
    const without = await roundTripCommitted(
      { ...this.#context(), settings: context.settings, seeds, catalog, enter: context.enter, resetSession: context.resetSession },
      step,
    );
    return { ...without, roundTrip: { ...without.roundTrip, rowsRestored: null } };
  }

  async #currentCatalog(): Promise<Catalog> {
    if (!this.#catalog) throw new BrokenInstance('the database is not open');
    if (!this.#catalogIsCurrent) await this.#catalog.load();
    this.#catalogIsCurrent = true;
    return this.#catalog;
  }

  #context(): RunContext {
    const { wire } = this.#store;
    return {
      wire,
      settings: this.#settings,
      guarded: (statement, rows, work) => this.work.guarded(statement, rows, work),
      givenUp: (text, rows) => this.work.givenUp(text, rows),
      explain: (error) => this.work.explain(error),
      prepare: () => prepareAll(wire),
    };
  }

  /** As a runner's next connection would find it. */
  async #resetSession(inTransaction: boolean): Promise<void> {
    const { wire } = this.#store;
    await wire.rows('RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL');
    if (!inTransaction) await wire.rows('DISCARD TEMP; CLOSE ALL; UNLISTEN *; SELECT pg_catalog.pg_advisory_unlock_all()');
  }
}

async function prepareAll(wire: Wire): Promise<void> {
  await wire.rows('DEALLOCATE ALL');
  for (const statement of [...observationPreparations, ...factPreparations, ...rowPreparations, ...seedPreparations])
    await wire.rows(statement);
}

function mentionsTemporary(script: ReplayScript): boolean {
  return script.statements.some((each) => /\btemp(?:orary)?\b/i.test(each.text));
}

/** The shadow's worker thread: an embedded PostgreSQL that replays what the host sends over `port`. */
function serve(port: MessagePort, start: WorkerStart): void {
  const send = (message: WorkerMessage): void => port.postMessage(message);
  const replayer = new Replayer(start, send);
  limitMemory(start.limits.memoryMb, () => replayer.work.memoryRefused());
  const fail = (error: unknown): void => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    send({ type: 'failed', inStatement: replayer.work.ranStatement, reason: 'crash', message });
  };
  let work: Promise<void> = replayer
    .open()
    .then((serverVersion) => send({ type: 'ready', serverVersion }))
    .catch(fail);
  port.on('message', (request: WorkerRequest | 'close') => {
    work = work.then(() => (request === 'close' ? replayer.close().then(() => port.close()) : replayer.handle(request))).catch(fail);
  });
}

if (!parentPort) throw new Error('The shadow worker runs as a worker thread only.');
serve(parentPort, workerData as WorkerStart);
