import type { Clock } from '../core/host';
import type { Outcome } from '../core/problem';
import type { RunnerProfile, Script } from '../core/scripts';
import type { ScriptWrite } from './row-record';
import type { TargetSession } from './target';

/** How the scripts of migrations are run in a target. */
export interface Execution {
  /**
   * Cuts a script into what can be run and journaled atomically, true to how its own tool would run it.
   * Fails with `plan-invalid` for what no server can be sent; the line of the problem is that of `sql`.
   */
  unitsOf(sql: string, options: UnitsOptions): Promise<Outcome<ScriptUnit[]>>;
  /** The rows that the statements of a script change, as far as its text tells: not what functions and triggers do. */
  writesOf(sql: string): Promise<readonly ScriptWrite[]>;
  /**
   * What each of the scripts, in the order in which they are run, takes away with its data: `table orders`, `column orders.note`,
   * `rows of orders`. What an earlier one creates does not count.
   */
  lossesOf(scripts: readonly string[]): Promise<readonly (readonly string[])[]>;
  statementsOf(sql: string): Promise<readonly RunnableStatement[]>;
  /** Statement at the start of a transaction after which no statement in it waits long for a lock. */
  readonly setLockTimeout: string;
  /** True for a script that decides itself how long it waits for locks. */
  setsOwnLockTimeout(sql: string): boolean;
  /** Runs a whole transaction, again after a growing pause when it did not get a lock in time. */
  withLockRetry<T>(run: RetriedRun, work: () => Promise<T>): Promise<T>;
  /** Gives the session the search path of the scripts; it stays as it is without one. */
  setSearchPath(session: TargetSession, schemas: readonly string[] | undefined): Promise<void>;
  /** SQL that brings the session's settings back to what they are now. */
  resetSqlFor(session: TargetSession): Promise<string>;
}

/** What is run again when it did not get a lock. */
export interface RetriedRun {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** Called after each attempt that did not get its lock, with its number and how many there are at most. */
  onLockLost?(attempt: number, attempts: number): void;
}

export interface RunnableStatement {
  /** True when it must not run inside a transaction block, or may end transactions itself. */
  readonly needsOwnTransaction: boolean;
  /**
   * Looks in the catalog for the effect of the statement.
   * @param interrupted true when it was sent before and failed or was interrupted
   */
  probe(session: TargetSession, interrupted?: boolean): Promise<ProbeResult>;
}

/** The smallest part of a script that is run and journaled on its own. */
export interface ScriptUnit {
  /** The SQL to send, without the script's own BEGIN and COMMIT. */
  readonly sql: string;
  /** Where the parts of `sql`, in order, stand in the script: `at` in `sql`, `start` in the script. */
  readonly parts: readonly { readonly at: number; readonly start: number }[];
  /** True for the one unit of a script that is run as a whole. */
  readonly whole: boolean;
  /** False when the server refuses it inside a transaction, so that it cannot share one with its journal row. */
  readonly transactional: boolean;
  /** True for SET and its like, which later statements of the script rely on: repeated when the script is resumed. */
  readonly session: boolean;
}

export interface UnitsOptions {
  readonly transaction: Script['transaction'];
  readonly sends: RunnerProfile['sends'];
  /** True to get one unit per statement even where the script could be run as a whole. */
  readonly separate?: boolean;
}

/** What a probe of the catalog found out about a statement of which nobody knows whether it took effect. */
export type ProbeResult =
  /** It took effect wholly. */
  | { readonly state: 'done'; readonly evidence: string }
  /** It took no effect, or running it again is harmless. */
  | { readonly state: 'not-done'; readonly evidence: string }
  /**
   * It left something half made. `repair`, one statement after the other, removes or completes it; `again` tells whether the
   * statement is to be run after that. `resuming` says what resuming does, and `resumed` what it did.
   */
  | {
      readonly state: 'half';
      readonly evidence: string;
      readonly resuming: string;
      readonly resumed: string;
      readonly repair: readonly string[];
      readonly again: boolean;
    }
  /** The catalog cannot tell. */
  | { readonly state: 'unknown'; readonly evidence: string };
