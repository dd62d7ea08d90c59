import type { DatabaseError } from '../../observation';
import { Stopped } from './run-context';
import type { WireResult } from './wire';
import type { RowsLevel } from './without-rows';
import { cell, type GivenUp, type WorkerStart } from './worker-protocol';

/** What the worker does, as the watchdog in the other thread sees it; and the limits of statements. */
export class WatchedWork {
  readonly #cell: Int32Array;
  #memoryRefused = false;
  #givenUp = new Map<string, { readonly error: DatabaseError; readonly rows: RowsLevel }>();
  /** True once a statement of the step at hand has run: what breaks after that is its doing. */
  ranStatement = false;

  constructor(readonly start: WorkerStart) {
    this.#cell = new Int32Array(start.cell);
  }

  /** Takes over what the host gave up on. */
  giveUpOn(givenUp: GivenUp): void {
    this.#givenUp = new Map(givenUp.map(([text, { reason, rows }]) => [text, { error: { ...reasons[reason], gaveUp: reason }, rows }]));
  }

  /** Why a statement or query is not to be run over such made-up rows again, if so. */
  givenUp(text: string, rows: RowsLevel = 2): DatabaseError | undefined {
    const known = this.#givenUp.get(text);
    return known && rows >= known.rows ? known.error : undefined;
  }

  count(what: 'opens' | 'basesMade'): void {
    Atomics.add(this.#cell, cell[what], 1);
  }

  enterStep(index: number): void {
    this.ranStatement = false;
    Atomics.store(this.#cell, cell.step, index);
  }

  enterScript(down: boolean): void {
    Atomics.store(this.#cell, cell.down, down ? 1 : 0);
  }

  beat(): void {
    Atomics.add(this.#cell, cell.beat, 1);
  }

  /** Runs one statement of the user's. @throws Stopped */
  async guarded(statement: number, rows: RowsLevel, work: () => Promise<WireResult>): Promise<WireResult> {
    if (Atomics.load(this.#cell, cell.cancel) === 1) throw new Stopped();
    this.#memoryRefused = false;
    this.ranStatement = true;
    Atomics.store(this.#cell, cell.statement, statement);
    Atomics.store(this.#cell, cell.rows, rows);
    Atomics.store(this.#cell, cell.inStatement, 1);
    this.beat();
    const result = await work();
    Atomics.store(this.#cell, cell.inStatement, 0);
    Atomics.add(this.#cell, cell.statementsRun, 1);
    this.beat();
    return result;
  }

  /** A query is tried from now on. @throws Stopped */
  enterQuery(query: number): void {
    if (Atomics.load(this.#cell, cell.cancel) === 1) throw new Stopped();
    Atomics.store(this.#cell, cell.query, query);
    Atomics.store(this.#cell, cell.inStatement, 2);
    this.beat();
  }

  leaveQuery(): void {
    Atomics.store(this.#cell, cell.inStatement, 0);
  }

  /** The memory guard has refused the server more memory. */
  memoryRefused(): void {
    this.#memoryRefused = true;
  }

  /** Makes an error of the shadow's own limits out of one of the server's, where that is what it was. */
  explain(error: DatabaseError): DatabaseError {
    // The limit of temporary files is the embedded server's own, that of all files `MemoryFiles` has.
    if (error.sqlstate === '53400' || error.sqlstate === '53100') return { ...error, gaveUp: 'memory' };
    if (error.sqlstate !== '53200' || !this.#memoryRefused) return error;
    return {
      ...error,
      message: `The statement needs more than ${this.start.limits.memoryMb} MB of memory in the embedded database.`,
      gaveUp: 'memory',
    };
  }
}

const reasons = {
  time: { sqlstate: '57014', message: 'The statement exceeded the time limit of the embedded database.' },
  memory: { sqlstate: '53200', message: 'The statement exceeded the memory limit of the embedded database.' },
  crash: { sqlstate: 'XX000', message: 'The statement crashes the embedded database.' },
} as const;
