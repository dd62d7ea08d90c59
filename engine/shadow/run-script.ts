import { databaseError } from './database-error';
import type { StatementObserver } from './observe-statement';
import type { DatabaseError, ReplayScript, ReplayStatement, StatementObservation } from './observation';
import { refusal } from './refusal';
import type { Wire, WireResult } from './wire';

/** What running scripts needs beside the connection. */
export interface RunContext {
  readonly wire: Wire;
  /** Runs one statement of the user's; the watchdog looks on. Throws `Stopped` when the host asked for that. */
  guarded(statement: number, work: () => Promise<WireResult>): Promise<WireResult>;
  /** Why a statement is never to be run again, if so. */
  givenUp(text: string): DatabaseError | undefined;
  /** Makes an error of the shadow's own limits out of one of the server's, where that is what it was. */
  explain(error: DatabaseError): DatabaseError;
  /** Restores the shadow's own prepared statements. */
  prepare(): Promise<void>;
}

/** The host asked to stop. The connection may be inside a transaction. */
export class Stopped extends Error {}

export interface RunOptions {
  /** Without one the script only runs. */
  readonly observer?: StatementObserver;
  /** What becomes of the last transaction of the script. */
  readonly end: 'commit' | 'rollback';
  /** Ends at the first error, as a runner does: an open transaction is rolled back. */
  readonly stopAtError?: boolean;
}

/** `none`: no transaction is open; the others say who opened it: the migration runner, a multi-statement message, the script. */
type Block = 'none' | 'runner' | 'message' | 'script';

/** True when the whole script is one transaction, so that it can be taken back. */
export function isAtomic(script: ReplayScript): boolean {
  return openingBlock(script) !== 'none' && script.statements.every((each) => each.control === undefined || each.control === 'savepoint');
}

function openingBlock(script: ReplayScript): Block {
  if (script.transaction === 'script') return 'runner';
  // A message of one statement is no transaction block: CREATE INDEX CONCURRENTLY works in it.
  return script.sends === 'whole' && script.statements.length > 1 ? 'message' : 'none';
}

/**
 * Runs a script as its migration runner would, but goes on after an error: the failing statement alone is taken back.
 * One observation a statement; without an observer only their errors mean anything.
 * @throws Stopped, BrokenInstance
 */
export async function runScript(context: RunContext, script: ReplayScript, options: RunOptions): Promise<StatementObservation[]> {
  return new ScriptRun(context, script, options).run();
}

class ScriptRun {
  readonly #observations: StatementObservation[] = [];
  readonly #savepoints: string[] = [];
  #block: Block;

  constructor(
    readonly context: RunContext,
    readonly script: ReplayScript,
    readonly options: RunOptions,
  ) {
    this.#block = openingBlock(script);
  }

  async run(): Promise<StatementObservation[]> {
    if (this.#block !== 'none') await this.#open('BEGIN');
    for (const [index, statement] of this.script.statements.entries()) {
      this.#observations.push(statement.control ? await this.#control(index, statement) : await this.#statement(index, statement));
      if (this.options.stopAtError && isFailure(this.#observations[index])) {
        if (this.#block !== 'none') await this.context.wire.rows('ROLLBACK');
        return this.#observations;
      }
    }
    if (this.#block !== 'none') await this.#finish();
    return this.#observations;
  }

  async #open(sql: string): Promise<void> {
    const { wire } = this.context;
    const opened = await wire.query(sql, false);
    if (opened.error) await wire.rows('BEGIN');
    this.#savepoints.length = 0;
    await this.options.observer?.begin();
  }

  async #statement(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    const inTransaction = this.#block !== 'none';
    const skipped = this.context.givenUp(statement.text) ?? refusal(statement.text, inTransaction);
    if (skipped) return quiet(inTransaction, { error: skipped, locksKnown: false });
    return inTransaction ? this.#inBlock(index, statement) : this.#alone(index, statement);
  }

  async #inBlock(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    const { wire } = this.context;
    await wire.rows('SAVEPOINT mem8');
    const result = await this.#send(index, statement);
    if (result.status === 'I') {
      await this.#transactionLost();
      return quiet(true, this.#errorOf(result, statement));
    }
    if (result.error) {
      await wire.rows('ROLLBACK TO SAVEPOINT mem8; RELEASE SAVEPOINT mem8');
      return quiet(true, this.#errorOf(result, statement));
    }
    const observation = await this.options.observer?.afterStatement(true);
    await wire.rows('RELEASE SAVEPOINT mem8');
    return observation ?? quiet(true);
  }

  /** A statement that is a transaction of its own. */
  async #alone(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    const { wire } = this.context;
    const { observer } = this.options;
    await wire.rows('BEGIN');
    await observer?.begin();
    const result = await this.#send(index, statement);
    if (result.error && result.status !== 'I') await wire.rows('ROLLBACK');
    if (result.error && needsAutocommit.has(result.error.sqlstate)) return this.#autocommit(index, statement);
    if (result.error || result.status === 'I') return { ...quiet(false, this.#errorOf(result, statement)) };
    const observation = (await observer?.afterStatement(false)) ?? quiet(false);
    const committed = await wire.query('COMMIT', false);
    if (!committed.error) return observation;
    await observer?.resynchronise();
    return { ...observation, error: this.context.explain(databaseError(committed.error, '')) };
  }

  async #autocommit(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    const result = await this.#send(index, statement);
    if (result.status !== 'I') await this.context.wire.rows('ROLLBACK');
    const observation = (await this.options.observer?.afterAutocommit()) ?? quiet(false);
    return { ...observation, ...this.#errorOf(result, statement), locksKnown: false };
  }

  async #control(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    switch (statement.control) {
      case 'begin':
        if (this.#block === 'none') {
          await this.#open(statement.text);
          this.#block = 'script';
        } else if (this.#block === 'message') this.#block = 'script';
        return quiet(true);
      case 'commit':
      case 'rollback':
        return this.#endBlock(index, statement);
      case 'savepoint':
      case undefined:
        return this.#savepoint(index, statement);
    }
  }

  async #endBlock(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    if (this.#block === 'none') return quiet(false);
    const { wire } = this.context;
    const ended = await wire.query(statement.control === 'commit' ? 'COMMIT' : 'ROLLBACK', false);
    this.#block = 'none';
    if (ended.error || statement.control === 'rollback') await this.#reload();
    // What is left of a multi-statement message is one implicit transaction again.
    if (openingBlock(this.script) === 'message' && index + 1 < this.script.statements.length) {
      await this.#open('BEGIN');
      this.#block = 'message';
    }
    return quiet(true, ended.error && { error: this.context.explain(databaseError(ended.error, '')) });
  }

  /** SAVEPOINT, RELEASE and ROLLBACK TO of the script. They run bare, as a savepoint of ours around them would be theirs to release. */
  async #savepoint(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    const [, verb = '', name = ''] =
      /^\s*(savepoint|release|rollback)\b(?:[^]*?\b(?:savepoint|to))?\s+("(?:[^"]|"")+"|\w+)\s*;?\s*$/i.exec(statement.text) ?? [];
    const known = this.#savepoints.lastIndexOf(name);
    const works = this.#block !== 'none' && (verb.toLowerCase() === 'savepoint' || known >= 0);
    if (!works) return this.#statement(index, statement);
    const result = await this.#send(index, statement);
    if (result.error) {
      await this.context.wire.rows('ROLLBACK');
      await this.#transactionLost();
      return quiet(true, this.#errorOf(result, statement));
    }
    if (verb.toLowerCase() === 'savepoint') this.#savepoints.push(name);
    else this.#savepoints.length = verb.toLowerCase() === 'release' ? known : known + 1;
    if (verb.toLowerCase() === 'rollback') await this.#reload();
    return quiet(true);
  }

  async #reload(): Promise<void> {
    await this.options.observer?.resynchronise();
  }

  /** The script ended our transaction in a way that is not ours to see, e.g. by PREPARE TRANSACTION: go on in a new one. */
  async #transactionLost(): Promise<void> {
    await this.#reload();
    await this.#open('BEGIN');
  }

  async #finish(): Promise<void> {
    const { wire } = this.context;
    const rollback = this.options.end === 'rollback';
    const ended = await wire.query(rollback ? 'SET CONSTRAINTS ALL IMMEDIATE' : 'COMMIT', false);
    if (rollback) await wire.rows('ROLLBACK');
    if (!ended.error) return;
    if (!rollback) await this.#reload();
    // Only the whole transaction fails at its end; the last statement stands for it.
    const last = this.#observations.length - 1;
    const observation = this.#observations[last];
    if (observation && !observation.error) {
      this.#observations[last] = { ...observation, error: this.context.explain(databaseError(ended.error, '')) };
    }
  }

  async #send(index: number, statement: ReplayStatement): Promise<WireResult> {
    const result = await this.context.guarded(index, () => this.context.wire.query(statement.text, false));
    if (dropsPrepared(statement.text) && result.status !== 'E') await this.context.prepare();
    return result;
  }

  #errorOf(result: WireResult, statement: ReplayStatement): { error?: DatabaseError } {
    if (!result.error) return {};
    return { error: this.context.explain(databaseError(result.error, statement.text)) };
  }
}

/** True when the shadow's prepared statements may be gone afterwards. */
export function dropsPrepared(text: string): boolean {
  return /\b(?:deallocate|discard)\b/i.test(text);
}

/** True for what counts as a failure of the script; a statement that is not run by choice is none. */
export function isFailure(observation: StatementObservation | undefined): boolean {
  return observation?.error !== undefined && observation.error.gaveUp !== 'refused';
}

/** SQLSTATEs of statements that run only outside a transaction block: active_sql_transaction, invalid_transaction_termination. */
const needsAutocommit: ReadonlySet<string> = new Set(['25001', '2D000']);

function quiet(inTransaction: boolean, more: Partial<StatementObservation> = {}): StatementObservation {
  return { locks: [], rewrites: [], scans: [], changes: [], locksKnown: true, inTransaction, ...more };
}
