import { Worker } from 'node:worker_threads';
import { cell, cellSize, type WorkerMessage, type WorkerRequest, type WorkerStart } from './worker-protocol';
import type { ShadowLimits } from '../../observation';

/** Why a worker is gone. `statement` when a statement of a script is to blame; its place is in the cell. */
export interface WorkerEnd {
  readonly reason: 'time' | 'memory' | 'crash' | 'stopped';
  readonly blamesStatement: boolean;
  readonly message: string;
}

/** How a request ended. */
export type RequestEnd = 'done' | 'stopped' | WorkerEnd;

/** How long opening, copying and reading of the shadow's own may take. */
const ownWorkMs = 60_000;
/** How long a statement may go on when nobody waits for its result any more. */
const lingerMs = 1_000;
const pollMs = 50;
/** On a busy machine a statement gets so much more time, as long as this process did not have the processor for the limit. */
const idleFactor = 4;

/**
 * One worker thread and the watchdog over it. The embedded server ignores `statement_timeout` and a busy worker answers no
 * message, so time is measured here, from the beats in the shared cell, and a worker that hangs is terminated.
 */
export class ShadowWorker {
  readonly #worker: Worker;
  readonly #cell: Int32Array;
  readonly #ended: Promise<WorkerEnd>;
  #end: WorkerEnd | undefined;
  #resolveEnd: (end: WorkerEnd) => void = () => {};
  #onMessage: (message: WorkerMessage) => void = () => {};
  #watch: NodeJS.Timeout | undefined;

  constructor(
    script: string,
    start: WorkerStart,
    readonly limits: ShadowLimits,
  ) {
    this.#cell = new Int32Array(start.cell);
    this.#ended = new Promise((resolve) => (this.#resolveEnd = resolve));
    // The server checks its stack depth against 2 MB of its own stack, which needs a multiple of that in the thread.
    this.#worker = new Worker(script, { workerData: start, resourceLimits: { stackSizeMb: 64 }, stdout: true, stderr: true });
    this.#worker.unref();
    this.#worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'failed') {
        void this.#terminate({ reason: message.reason, blamesStatement: message.inStatement, message: message.message });
      } else this.#onMessage(message);
    });
    this.#worker.on('error', (error) => {
      const memory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#finish({ reason: memory ? 'memory' : 'crash', blamesStatement: this.#inStatement, message: error.message });
    });
    this.#worker.on('exit', () => {
      this.#finish({ reason: 'crash', blamesStatement: this.#inStatement, message: 'The worker exited unexpectedly.' });
    });
  }

  /** The server's version, once the database is open; or why it is not. */
  ready(): Promise<string | WorkerEnd> {
    const opened = new Promise<string>((resolve) => {
      this.#onMessage = (message) => {
        if (message.type === 'ready') resolve(message.serverVersion);
      };
    });
    return this.#watched(opened);
  }

  /**
   * Carries out one request. `onMessage` receives its results as they come.
   * @param signal asks the worker to stop after the statement at hand
   */
  async run(request: WorkerRequest, onMessage: (message: WorkerMessage) => void, signal: AbortSignal): Promise<RequestEnd> {
    if (this.#end) return this.#end;
    Atomics.store(this.#cell, cell.cancel, signal.aborted ? 1 : 0);
    const stop = () => Atomics.store(this.#cell, cell.cancel, 1);
    signal.addEventListener('abort', stop);
    const answered = new Promise<'done' | 'stopped'>((resolve) => {
      this.#onMessage = (message) => {
        if (message.type === 'done') resolve(message.stopped ? 'stopped' : 'done');
        else onMessage(message);
      };
    });
    this.#worker.postMessage(request);
    try {
      return await this.#watched(answered, signal);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** The place of the statement that runs or ran last. */
  get place(): { step: number; down: boolean; statement: number } {
    const at = (slot: number) => Atomics.load(this.#cell, slot);
    return { step: at(cell.step), down: at(cell.down) === 1, statement: at(cell.statement) };
  }

  /** True while a query of an application is tried. */
  get triesQuery(): boolean {
    return Atomics.load(this.#cell, cell.inStatement) === 2;
  }

  counter(slot: number): number {
    return Atomics.load(this.#cell, slot);
  }

  async close(): Promise<void> {
    if (!this.#end) {
      const patience = setTimeout(() => void this.#worker.terminate(), lingerMs);
      this.#worker.postMessage('close');
      await this.#ended;
      clearTimeout(patience);
    }
    await this.#worker.terminate();
  }

  get #inStatement(): boolean {
    return Atomics.load(this.#cell, cell.inStatement) === 1;
  }

  async #watched<T>(work: Promise<T>, signal?: AbortSignal): Promise<T | WorkerEnd> {
    const baseline = process.memoryUsage.rss();
    let beat = Atomics.load(this.#cell, cell.beat);
    let since = performance.now();
    let cpuAtBeat = cpuMs();
    let abortedAt: number | undefined;
    this.#watch = setInterval(() => {
      const now = performance.now();
      const current = Atomics.load(this.#cell, cell.beat);
      if (current !== beat) {
        beat = current;
        since = now;
        cpuAtBeat = cpuMs();
      }
      if (signal?.aborted) abortedAt ??= now;
      const inStatement = this.#inStatement;
      const runsForeignSql = inStatement || this.triesQuery;
      const limit = runsForeignSql ? this.limits.statementMs : ownWorkMs;
      const grown = (process.memoryUsage.rss() - baseline) / 1_048_576;
      if (grown > this.limits.memoryMb * 2 + 512) {
        void this.#terminate({ reason: 'memory', blamesStatement: inStatement, message: `The process grew by ${Math.round(grown)} MB.` });
      } else if (now - since > limit && (cpuMs() - cpuAtBeat > limit || now - since > limit * idleFactor)) {
        void this.#terminate({ reason: 'time', blamesStatement: inStatement, message: 'The embedded database did not respond in time.' });
      } else if (runsForeignSql && abortedAt !== undefined && now - Math.max(abortedAt, since) > lingerMs) {
        void this.#terminate({ reason: 'stopped', blamesStatement: false, message: 'The request was cancelled.' });
      }
    }, pollMs);
    try {
      return await Promise.race([work, this.#ended]);
    } finally {
      clearInterval(this.#watch);
    }
  }

  async #terminate(end: WorkerEnd): Promise<void> {
    if (this.#end) return;
    this.#end = end;
    clearInterval(this.#watch);
    await this.#worker.terminate();
    this.#resolveEnd(end);
  }

  #finish(end: WorkerEnd): void {
    this.#end ??= end;
    this.#resolveEnd(this.#end);
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export function newCell(): SharedArrayBuffer {
  return new SharedArrayBuffer(cellSize * 4);
}
