import { openedAfter, type OpenedBy } from '../sql/transaction-control';
import { databaseError } from './database-error';
import { comesTooLate, isSetting, textHere, textInTransaction } from './imitation';
import type { DatabaseError, ReplayScript, ReplayStatement, StatementObservation } from '../../observation';
import { readHeld } from './observe-statement';
import { readsDeletedRows, readsRows } from './reads-rows';
import { refusal } from './refusal';
import { dropsPrepared, isFailure, openingBlock, type RunContext, type RunOptions } from './run-context';
import { changedBy, noRemoval, type Removal } from './seed-rows';
import { readSequences, restoreSequences, type SequenceValues } from './sequences';
import type { Wire, WireResult } from './wire';
import { retryWithoutRows, rowsLevel, rowsMayBeAtFault } from './without-rows';

/**
 * Runs a script as its migration runner would, but goes on after an error: the failing statement alone is taken back.
 * One observation a statement; without an observer only their errors mean anything.
 * @throws Stopped, BrokenInstance
 */
export async function runScript(context: RunContext, script: ReplayScript, options: RunOptions): Promise<StatementObservation[]> {
  const { seeds } = options;
  await seeds?.scriptBegins(
    context.wire,
    script.statements.map(({ text }) => text),
  );
  try {
    return await new ScriptRun(context, script, options).run();
  } finally {
    seeds?.scriptEnded();
  }
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
  #block: OpenedBy;

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
    await this.context.settings.apply(wire);
    this.#savepoints.length = 0;
    await this.options.observer?.begin();
  }

  async #statement(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    const inTransaction = this.#block !== 'none';
    const skipped = refusal(statement.text, inTransaction);
    if (skipped) return quiet(inTransaction, { error: skipped, locksKnown: false });
    this.#inOpenBlock.push([index, statement]);
    const seen = await (inTransaction ? this.#inBlock(index, statement) : this.#alone(index, statement));
    return seen.error?.gaveUp === undefined ? seen : { ...seen, locksKnown: false };
  }

  async #inBlock(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    const { wire } = this.context;
    if (readsRows(statement.text)) await this.options.observer?.beforePlanned();
    await wire.rows('SAVEPOINT mem8');
    const { result, names } = await this.#withSettings(await this.#send(index, statement), async () => {
      await wire.rows('ROLLBACK TO SAVEPOINT mem8');
      await this.context.settings.apply(wire);
      return this.#send(index, statement);
    });
    if (result.status === 'I') {
      await this.#transactionLost();
      return quiet(true, this.#errorOf(result, statement));
    }
    if (result.error && this.#rowsMayMatter(result, statement)) return this.#inBlockWithoutRows(index, statement, result, names);
    if (result.error) {
      await wire.rows('ROLLBACK TO SAVEPOINT mem8; RELEASE SAVEPOINT mem8');
      await this.options.observer?.statementRolledBack();
      if (comesTooLate(result.error) && this.#inOpenBlock.every(([, { text, control }]) => control !== undefined || isSetting(text)))
        return quiet(true);
      return quiet(true, this.#errorOf(result, statement, names));
    }
    const observation = (await this.options.observer?.afterStatement(true, statement.text)) ?? quiet(true);
    const settings = this.options.observer ? [...names, ...(await this.context.settings.usedIn(wire, statement.text))] : names;
    await wire.rows('RELEASE SAVEPOINT mem8');
    return { ...observation, ...settingsOf(settings) };
  }

  /** A statement that failed on made-up rows, once more with other ones or without. The savepoint before it is still there. */
  async #inBlockWithoutRows(
    index: number,
    statement: ReplayStatement,
    first: WireResult,
    names: readonly string[],
  ): Promise<StatementObservation> {
    const { wire } = this.context;
    const { observer, seeds } = this.options;
    if (!seeds) return quiet(true);
    const before = this.#removed;
    const { removal, result } = await retryWithoutRows(seeds, statement.text, before, first, async (next) => {
      await wire.rows('ROLLBACK TO SAVEPOINT mem8');
      if (!(await seeds.remove(wire, next))) return undefined;
      await observer?.afterOurs(changedBy(next));
      this.#removed = next;
      return this.#send(index, statement);
    });
    if (result.status === 'I') {
      await this.#transactionLost();
      return quiet(true, this.#errorOf(result, statement));
    }
    if (removal) {
      observer?.oursEnded(true);
      const observation = (await observer?.afterStatement(true, statement.text)) ?? quiet(true);
      await wire.rows('RELEASE SAVEPOINT mem8');
      return { ...observation, ...this.#rowsErrorOf(first, statement, removal), ...settingsOf(names) };
    }
    this.#removed = before;
    await wire.rows('ROLLBACK TO SAVEPOINT mem8; RELEASE SAVEPOINT mem8');
    observer?.oursEnded(false);
    await observer?.statementRolledBack();
    if (!result.error || !readsDeletedRows(statement.text) || !rowsMayBeAtFault(result.error, statement.text))
      return quiet(true, this.#errorOf(result, statement, names));
    await this.#startAgainWithoutRows();
    const again = await this.#inBlock(index, statement);
    return again.error ? again : { ...again, ...this.#rowsErrorOf(first, statement) };
  }

  /**
   * Brings the open transaction to where it is once more, over tables that had no made-up rows when it began: an index is
   * built also over rows that its own transaction deleted.
   */
  async #startAgainWithoutRows(): Promise<void> {
    const { wire, settings } = this.context;
    const { observer } = this.options;
    await wire.query('ROLLBACK', false);
    await restoreSequences(wire, this.#sequences);
    if (this.#inOpenBlock.some(([, { text }]) => /prepare/i.test(text))) await this.context.prepare();
    await this.#removeAllForGood();
    if (this.#committed) await observer?.resynchronise();
    else observer?.takeBack();
    await wire.rows('BEGIN');
    await settings.apply(wire);
    await observer?.begin();
    for (const [index, statement] of this.#inOpenBlock.slice(0, -1)) {
      await this.#repeat(index, statement);
      await observer?.afterStatement(true);
    }
    await observer?.statementRolledBack();
  }

  /** Deletes all made-up rows in a transaction of its own. None may be open. */
  async #removeAllForGood(): Promise<void> {
    const { wire } = this.context;
    const { seeds } = this.options;
    if (!seeds) return;
    const removal = { ...noRemoval, tables: seeds.all() };
    await wire.rows('BEGIN');
    await seeds.remove(wire, removal);
    await wire.rows('COMMIT');
    seeds.committed(removal);
    this.#removed = noRemoval;
    this.#lostRows = true;
  }

  async #withSettings(first: WireResult, again: () => Promise<WireResult>): Promise<{ result: WireResult; names: string[] }> {
    const { settings } = this.context;
    return settings.lackedBy(first.error) === undefined ? { result: first, names: [] } : settings.supply(first, again);
  }

  #rowsMayMatter(result: WireResult, { text }: ReplayStatement): boolean {
    return rowsLevel(this.options.seeds, this.#removed) > 0 && rowsMayBeAtFault(result.error, text);
  }

  /** @param removal with what the statement worked; none where all tables were empty */
  #rowsErrorOf(result: WireResult, statement: ReplayStatement, removal?: Removal): Pick<StatementObservation, 'rowsError' | 'worksOver'> {
    const { error } = this.#errorOf(result, statement);
    if (!error) return {};
    return { rowsError: error, worksOver: removal?.tables.length === 0 ? 'other rows' : 'no rows' };
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
    return depends ? [...new Set([...seeds.among(held), ...changedBy(this.#removed)])] : [];
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
    if (seeds?.present && rowsMayBeAtFault(result.error, '')) {
      const again = await this.#again(seeds.all(), end);
      if (!again.error)
        this.#amendLast((each) => ({
          ...each,
          worksOver: 'no rows',
          rowsError: this.context.explain(databaseError(result.error ?? noError, '')),
        }));
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
    await this.context.settings.apply(wire);
    this.#removed = { ...noRemoval, tables };
    await seeds?.remove(wire, this.#removed);
    if (end === 'commit') await observer?.begin();
    for (const [index, statement] of this.#inOpenBlock) await this.#repeat(index, statement);
    const { changed } = await readHeld(wire);
    if (end === 'commit' && !reload) await observer?.afterStatement(true);
    const result = await wire.query(end === 'commit' ? 'COMMIT' : 'SET CONSTRAINTS ALL IMMEDIATE', false);
    if (end === 'rollback' || result.error) await wire.query('ROLLBACK', false);
    if (end === 'commit' && !result.error) this.#noteCommit(changed);
    this.#removed = noRemoval;
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
      this.#observations[index] = { worksOver: 'no rows', rowsError: error, ...rest };
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
    const startOver = async (): Promise<void> => {
      await wire.query('ROLLBACK', false);
      await wire.rows('BEGIN');
      await this.context.settings.apply(wire);
      await observer?.begin();
    };
    const supplied = await this.#withSettings(await this.#send(index, sent), async () => {
      await startOver();
      return this.#send(index, sent);
    });
    const first = supplied.result;
    let result = first;
    if (seeds && this.#rowsMayMatter(first, statement)) {
      const retried = await retryWithoutRows(seeds, statement.text, noRemoval, first, async (removal) => {
        await startOver();
        if (!(await seeds.remove(wire, removal))) return undefined;
        await observer?.afterOurs(changedBy(removal));
        observer?.oursEnded(true);
        this.#removed = removal;
        return this.#send(index, sent);
      });
      result = retried.result;
      if (result.error && readsDeletedRows(statement.text) && rowsMayBeAtFault(result.error, statement.text)) {
        await wire.query('ROLLBACK', false);
        await this.#removeAllForGood();
        await startOver();
        result = await this.#send(index, sent);
      }
    }
    if (result.error && result.status !== 'I') await wire.rows('ROLLBACK');
    if (result.error && needsAutocommit.has(result.error.sqlstate)) return this.#autocommit(index, statement);
    if (result.error || result.status === 'I') return quiet(false, this.#errorOf(result, statement, supplied.names));
    const used = observer ? await this.context.settings.usedIn(wire, statement.text) : [];
    const seen = (await observer?.afterStatement(false, sent.text)) ?? quiet(false);
    const shown = imitated === statement.text ? seen : { ...seen, locks: [], scans: [], rewrites: [], locksKnown: false };
    const observation = { ...shown, ...settingsOf([...supplied.names, ...used]) };
    this.#observations[index] = first.error
      ? { ...observation, ...this.#rowsErrorOf(first, statement, seeds?.present ? this.#removed : undefined) }
      : observation;
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
    if (seeds && this.#rowsMayMatter(first, statement)) {
      const retried = await retryWithoutRows(seeds, statement.text, noRemoval, first, async (removal) => {
        await dropInvalidIndexes(wire, changedBy(removal));
        await wire.rows('BEGIN');
        await seeds.remove(wire, removal);
        await wire.rows('COMMIT');
        seeds.committed(removal);
        this.#lostRows = true;
        const next = await this.#send(index, statement);
        if (next.status !== 'I') await wire.rows('ROLLBACK');
        return next;
      });
      result = retried.result;
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
        if (this.#block === 'none') await this.#open(statement.text);
        this.#block = openedAfter(this.#block, { control: 'begin' }, 'none');
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

  /** Runs a statement, unless it was given up on over such rows. */
  async #send(index: number, statement: ReplayStatement): Promise<WireResult> {
    const { seeds, rows = 0 } = this.options;
    const level = seeds ? rowsLevel(seeds, this.#removed) : rows;
    const givenUp = this.context.givenUp(statement.text, level);
    if (givenUp) return { rows: [], error: givenUp, status: 'T' };
    const text = await textHere(this.context.wire, statement);
    const result = await this.context.guarded(index, level, () => this.context.wire.query(text, false));
    if (dropsPrepared(text) && result.status !== 'E') await this.context.prepare();
    return result;
  }

  /** @param settings that were supplied in vain: without them nobody knows what the statement does */
  #errorOf(result: WireResult, statement: ReplayStatement, settings: readonly string[] = []): { error?: DatabaseError } {
    if (!result.error) return {};
    const error = this.context.explain(databaseError(result.error, statement.text));
    const [name] = settings;
    if (name === undefined) return { error };
    return { error: { sqlstate: '42704', message: `unrecognized configuration parameter "${name}"`, gaveUp: 'lacked' } };
  }
}

function settingsOf(names: readonly string[]): Pick<StatementObservation, 'settings'> {
  return names.length === 0 ? {} : { settings: [...new Set(names)] };
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

/** SQLSTATEs of statements that run only outside a transaction block: active_sql_transaction, invalid_transaction_termination. */
const needsAutocommit: ReadonlySet<string> = new Set(['25001', '2D000']);

function quiet(inTransaction: boolean, more: Partial<StatementObservation> = {}): StatementObservation {
  return { locks: [], rewrites: [], scans: [], changes: [], locksKnown: true, inTransaction, ...more };
}
