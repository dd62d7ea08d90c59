import { databaseError } from './database-error';
import { readHeld, type StatementObserver } from './observe-statement';
import type { DatabaseError, ReplayScript, ReplayStatement, StatementObservation } from './observation';
import { mayComeFromRows, readsRows } from './reads-rows';
import { refusal } from './refusal';
import { noRemoval, type Removal, type SeedRows } from './seed-rows';
import { readSequences, restoreSequences, type SequenceValues } from './sequences';
import { canBeTakenBack, isWrapped, textHere, textInTransaction } from './imitation';
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
  /**
   * The made-up rows of the database. Statements are seen with them, and what is committed is what would become of empty
   * tables. Without this, made-up rows are rows like any other.
   */
  readonly seeds?: SeedRows;
  /** Called after each statement, inside the transaction where one is open. Must leave the database as it is. */
  readonly afterEach?: (statement: number, inTransaction: boolean) => Promise<void>;
  /** The same, but before the transaction of the statement ends, so that it sees also what is taken back. */
  readonly beforeEnd?: (statement: number, inTransaction: boolean) => Promise<void>;
  /** Called when something had to be committed although the script was to be taken back. */
  readonly onCommit?: () => void;
}

/** `none`: no transaction is open; the others say who opened it: the migration runner, a multi-statement message, the script. */
type Block = 'none' | 'runner' | 'message' | 'script';

/** True when the whole script is one transaction, so that it can be taken back. */
export function isAtomic(script: ReplayScript): boolean {
  const { statements } = script;
  if (openingBlock(script) !== 'none' && statements.every((each) => each.control === undefined || each.control === 'savepoint'))
    return true;
  if (openingBlock(script) !== 'runner' && isWrapped(script)) return true;
  const [only, ...others] = statements;
  return only !== undefined && others.length === 0 && openingBlock(script) === 'none' && canBeTakenBack(only);
}

/** Who opens the transaction that the script's first statement finds. */
export function openingBlock(script: ReplayScript): Block {
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
  /** The statements of the open transaction, by their index. */
  readonly #inOpenBlock: (readonly [number, ReplayStatement])[] = [];
  /** What was taken away of made-up rows in the open transaction. */
  #removed = noRemoval;
  #sequences: SequenceValues = new Map();
  #committed = false;
  /** The last statement that `beforeEnd` was called for. */
  #shown = -1;
  /** True when tables lost made-up rows that the next transaction should see again. */
  #lostRows = false;
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
      if (this.#shown < index) await this.#show(index, this.#block !== 'none');
      await this.options.afterEach?.(index, this.#block !== 'none');
      if (this.options.stopAtError && isFailure(this.#observations[index])) {
        if (this.#block !== 'none') await this.context.wire.rows('ROLLBACK');
        return this.#observations;
      }
    }
    if (this.#block !== 'none') await this.#finish();
    return this.#observations;
  }

  async #show(index: number, inTransaction: boolean): Promise<void> {
    this.#shown = index;
    await this.options.beforeEnd?.(index, inTransaction);
  }

  async #open(sql: string): Promise<void> {
    const { wire } = this.context;
    if (this.#readsSeeds()) this.#sequences = await readSequences(wire);
    this.#inOpenBlock.length = 0;
    this.#removed = noRemoval;
    const opened = await wire.query(sql, false);
    if (opened.error) await wire.rows('BEGIN');
    this.#savepoints.length = 0;
    await this.options.observer?.begin();
  }

  async #statement(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    const inTransaction = this.#block !== 'none';
    const skipped = this.context.givenUp(statement.text) ?? refusal(statement.text, inTransaction);
    if (skipped) return quiet(inTransaction, { error: skipped, locksKnown: false });
    this.#inOpenBlock.push([index, statement]);
    return inTransaction ? this.#inBlock(index, statement) : this.#alone(index, statement);
  }

  async #inBlock(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    const { wire } = this.context;
    if (readsRows(statement.text)) await this.options.observer?.beforePlanned();
    await wire.rows('SAVEPOINT mem8');
    const result = await this.#send(index, statement);
    if (result.status === 'I') {
      await this.#transactionLost();
      return quiet(true, this.#errorOf(result, statement));
    }
    if (result.error) {
      if (this.#rowsMayMatter(result)) return this.#inBlockWithoutRows(index, statement, result);
      await wire.rows('ROLLBACK TO SAVEPOINT mem8; RELEASE SAVEPOINT mem8');
      return quiet(true, this.#errorOf(result, statement));
    }
    const observation = await this.options.observer?.afterStatement(true, readsRows(statement.text));
    await wire.rows('RELEASE SAVEPOINT mem8');
    return observation ?? quiet(true);
  }

  /** A statement that failed on made-up rows, once more without them. The savepoint before it is still there. */
  async #inBlockWithoutRows(index: number, statement: ReplayStatement, first: WireResult): Promise<StatementObservation> {
    const { wire } = this.context;
    const { observer } = this.options;
    let last = first;
    for (let removal = this.#without(noRemoval, statement, first); removal; removal = this.#without(removal, statement, last)) {
      await wire.rows('ROLLBACK TO SAVEPOINT mem8');
      if (!(await this.options.seeds?.remove(wire, removal))) break;
      await observer?.afterOurs([...removal.tables, ...removal.thinned]);
      last = await this.#send(index, statement);
      if (last.status === 'I') {
        await this.#transactionLost();
        return quiet(true, this.#errorOf(last, statement));
      }
      if (!last.error) {
        observer?.oursEnded(true);
        this.#removed = joined(this.#removed, removal);
        const observation = (await observer?.afterStatement(true, readsRows(statement.text))) ?? quiet(true);
        await wire.rows('RELEASE SAVEPOINT mem8');
        return { ...observation, ...this.#rowsErrorOf(first, statement) };
      }
      if (!mayComeFromRows(last.error.sqlstate)) break;
    }
    await wire.rows('ROLLBACK TO SAVEPOINT mem8; RELEASE SAVEPOINT mem8');
    observer?.oursEnded(false);
    return quiet(true, this.#errorOf(last, statement));
  }

  #without(before: Removal, statement: ReplayStatement, { error }: WireResult): Removal | undefined {
    return this.options.seeds?.nextRemoval(before, statement.text, error?.message, error?.detail, error?.where);
  }

  #rowsMayMatter(result: WireResult): boolean {
    return this.options.seeds?.present === true && result.error !== undefined && mayComeFromRows(result.error.sqlstate);
  }

  #rowsErrorOf(result: WireResult, statement: ReplayStatement): { rowsError?: DatabaseError } {
    const { error } = this.#errorOf(result, statement);
    return error ? { rowsError: error } : {};
  }

  /** True when the script may do other things on empty tables than on the made-up rows. */
  #readsSeeds(): boolean {
    return this.options.seeds?.present === true && this.script.statements.some((each) => readsRows(each.text));
  }

  /** The tables whose made-up rows the open transaction saw in a way that its effects may depend on; none when they do not. */
  async #seen(held: readonly number[]): Promise<number[]> {
    const { seeds } = this.options;
    if (!seeds?.present) return [];
    const depends = this.#inOpenBlock.some(
      ([, { text, control }]) => readsRows(text) || (control === 'savepoint' && this.#removed !== noRemoval),
    );
    return depends ? [...new Set([...seeds.among(held), ...this.#removed.tables, ...this.#removed.thinned])] : [];
  }

  /** Ends the open transaction. What it saw of made-up rows is first replaced by what it does on empty tables. */
  async #end(end: 'commit' | 'rollback'): Promise<WireResult> {
    const { wire } = this.context;
    const { seeds } = this.options;
    const held = seeds ? await readHeld(wire) : undefined;
    const seen = await this.#seen(held?.all ?? []);
    if (seen.length > 0) return this.#again(seen, end);
    const result = await wire.query(end === 'commit' ? 'COMMIT' : 'SET CONSTRAINTS ALL IMMEDIATE', false);
    if (end === 'rollback' || result.error) await wire.query('ROLLBACK', false);
    if (this.#rowsMayMatter(result)) {
      const again = await this.#again(seeds?.all() ?? [], end);
      if (!again.error)
        this.#amendLast((each) => ({ ...each, rowsError: this.context.explain(databaseError(result.error ?? noError, '')) }));
      return again;
    }
    if (end === 'commit' && !result.error) this.#noteCommit(held?.changed ?? []);
    return result;
  }

  #noteCommit(changed: readonly number[]): void {
    const { seeds } = this.options;
    this.#committed = true;
    if (this.#removed !== noRemoval) this.#lostRows = true;
    seeds?.committed(this.#removed);
    seeds?.touched(changed);
    seeds?.ran(this.#inOpenBlock.map(([, { text }]) => text));
    this.#removed = noRemoval;
  }

  /** Runs the statements of the transaction once more, without the made-up rows of some tables. Its errors are the ones that count. */
  async #again(tables: readonly number[], end: 'commit' | 'rollback'): Promise<WireResult> {
    const { wire } = this.context;
    const { observer, seeds } = this.options;
    await wire.query('ROLLBACK', false);
    await restoreSequences(wire, this.#sequences);
    if (this.#inOpenBlock.some(([, { text }]) => /prepare/i.test(text))) await this.context.prepare();
    const reload = this.#committed;
    if (end === 'commit' && !reload) observer?.takeBack();
    await wire.rows('BEGIN');
    await seeds?.remove(wire, { tables, thinned: [] });
    if (end === 'commit') await observer?.begin();
    for (const [index, statement] of this.#inOpenBlock) await this.#repeat(index, statement);
    const { changed } = await readHeld(wire);
    if (end === 'commit' && !reload) await observer?.afterStatement(true);
    const result = await wire.query(end === 'commit' ? 'COMMIT' : 'SET CONSTRAINTS ALL IMMEDIATE', false);
    if (end === 'rollback' || result.error) await wire.query('ROLLBACK', false);
    if (end === 'commit' && !result.error) {
      this.#removed = { tables, thinned: [] };
      this.#noteCommit(changed);
    }
    if (end === 'commit' && (reload || result.error)) await observer?.resynchronise();
    return result;
  }

  async #repeat(index: number, statement: ReplayStatement): Promise<void> {
    const { wire } = this.context;
    if (statement.control) {
      await wire.query(statement.text, false);
      return;
    }
    await wire.rows('SAVEPOINT mem8');
    const result = await this.#send(index, statement);
    if (result.status === 'I') await wire.rows('BEGIN; SAVEPOINT mem8');
    else if (result.error) await wire.rows('ROLLBACK TO SAVEPOINT mem8');
    await wire.rows('RELEASE SAVEPOINT mem8');
    const observation = this.#observations[index];
    if (!observation) return;
    const { error, ...rest } = observation;
    if (result.error && !error) this.#observations[index] = { ...rest, ...this.#errorOf(result, statement) };
    else if (!result.error && error && error.gaveUp === undefined)
      this.#observations[index] = { ...rest, rowsError: rest.rowsError ?? error };
  }

  #amendLast(change: (observation: StatementObservation) => StatementObservation): void {
    const last = this.#inOpenBlock.at(-1)?.[0] ?? this.#observations.length - 1;
    const observation = this.#observations[last];
    if (observation) this.#observations[last] = change(observation);
  }

  /** A statement that is a transaction of its own. */
  async #alone(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    const { wire } = this.context;
    const { observer, seeds } = this.options;
    if (observer && this.#lostRows) await seeds?.ensure(wire);
    this.#lostRows = false;
    await this.#open('BEGIN');
    this.#inOpenBlock.push([index, statement]);
    if (readsRows(statement.text)) await observer?.beforePlanned();
    const imitated = this.options.end === 'rollback' ? await textInTransaction(wire, statement) : statement.text;
    const sent = { ...statement, text: imitated };
    const first = await this.#send(index, sent);
    let result = first;
    if (first.error && this.#rowsMayMatter(first)) {
      for (let removal = this.#without(noRemoval, statement, first); removal; removal = this.#without(removal, statement, result)) {
        if (result.status !== 'I') await wire.rows('ROLLBACK');
        await wire.rows('BEGIN');
        await observer?.begin();
        if (!(await seeds?.remove(wire, removal))) break;
        await observer?.afterOurs([...removal.tables, ...removal.thinned]);
        observer?.oursEnded(true);
        this.#removed = removal;
        result = await this.#send(index, sent);
        if (!result.error || !mayComeFromRows(result.error.sqlstate)) break;
      }
    }
    if (result.error && result.status !== 'I') await wire.rows('ROLLBACK');
    if (result.error && needsAutocommit.has(result.error.sqlstate)) return this.#autocommit(index, statement);
    if (result.error || result.status === 'I') return quiet(false, this.#errorOf(result, statement));
    const seen = (await observer?.afterStatement(false, readsRows(statement.text))) ?? quiet(false);
    const observation = imitated === statement.text ? seen : { ...seen, locks: [], scans: [], rewrites: [], locksKnown: false };
    this.#observations[index] = first.error ? { ...observation, ...this.#rowsErrorOf(first, statement) } : observation;
    await this.#show(index, true);
    const ended = await this.#end(this.options.end);
    const amended = this.#observations.pop() ?? observation;
    if (!ended.error) return amended;
    if (this.options.end === 'commit') await observer?.resynchronise();
    return { ...amended, error: this.context.explain(databaseError(ended.error, '')) };
  }

  async #autocommit(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    const { wire } = this.context;
    const { seeds, observer } = this.options;
    const first = await this.#send(index, statement);
    let result = first;
    if (result.status !== 'I') await wire.rows('ROLLBACK');
    if (first.error && this.#rowsMayMatter(first)) {
      for (let removal = this.#without(noRemoval, statement, first); removal; removal = this.#without(removal, statement, result)) {
        await dropInvalidIndexes(wire, [...removal.tables, ...removal.thinned]);
        await wire.rows('BEGIN');
        await seeds?.remove(wire, removal);
        await wire.rows('COMMIT');
        seeds?.committed(removal);
        this.#lostRows = true;
        result = await this.#send(index, statement);
        if (result.status !== 'I') await wire.rows('ROLLBACK');
        if (!result.error || !mayComeFromRows(result.error.sqlstate)) break;
      }
    }
    seeds?.touchedAnything();
    this.#committed = true;
    this.options.onCommit?.();
    const observation = (await observer?.afterAutocommit()) ?? quiet(false);
    const rowsError = !result.error && first.error ? this.#rowsErrorOf(first, statement) : {};
    return { ...observation, ...this.#errorOf(result, statement), ...rowsError, locksKnown: false };
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
    if (statement.control === 'commit') await this.#show(index, true);
    const ended = statement.control === 'commit' ? await this.#end(this.options.end) : await this.context.wire.query('ROLLBACK', false);
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
    this.#inOpenBlock.push([index, statement]);
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
    const ended = await this.#end(this.options.end);
    if (!ended.error) return;
    if (this.options.end === 'commit') await this.#reload();
    // Only the whole transaction fails at its end; the last statement stands for it.
    const last = this.#observations.length - 1;
    const observation = this.#observations[last];
    if (observation && !observation.error) {
      this.#observations[last] = { ...observation, error: this.context.explain(databaseError(ended.error, '')) };
    }
  }

  async #send(index: number, statement: ReplayStatement): Promise<WireResult> {
    const text = await textHere(this.context.wire, statement);
    const result = await this.context.guarded(index, () => this.context.wire.query(text, false));
    if (dropsPrepared(statement.text) && result.status !== 'E') await this.context.prepare();
    return result;
  }

  #errorOf(result: WireResult, statement: ReplayStatement): { error?: DatabaseError } {
    if (!result.error) return {};
    return { error: this.context.explain(databaseError(result.error, statement.text)) };
  }
}

function joined(a: Removal, b: Removal): Removal {
  const tables = new Set([...a.tables, ...b.tables]);
  return { tables: [...tables], thinned: [...new Set([...a.thinned, ...b.thinned])].filter((oid) => !tables.has(oid)) };
}

const noError = { sqlstate: 'XX000', message: '' } as const;

/** A failed CREATE INDEX or REINDEX CONCURRENTLY leaves an index behind that would be in the way of the next attempt. */
async function dropInvalidIndexes(wire: Wire, tables: readonly number[]): Promise<void> {
  const rows = await wire.rows(
    `SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT i.indisvalid AND i.indrelid IN (${tables.join(',')}) AND c.relkind = 'i'`,
  );
  for (const [name] of rows) await wire.rows(`DROP INDEX ${name}`);
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
