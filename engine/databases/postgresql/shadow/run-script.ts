import { openedAfter, type OpenedBy } from '../sql/transaction-control';
import { databaseError } from './database-error';
import { comesTooLate, isSetting } from './imitation';
import type { ReplayScript, ReplayStatement, StatementObservation } from '../../observation';
import { readsDeletedRows, readsRows } from './reads-rows';
import { refusal } from './refusal';
import { runAlone } from './run-alone';
import { isFailure, openingBlock, type RunContext, type RunOptions } from './run-context';
import { quiet, ScriptTransaction, settingsOf } from './script-transaction';
import { changedBy } from './seeding/seed-rows';
import type { WireResult } from './wire';
import { retryWithoutRows, rowsMayBeAtFault } from './without-rows';

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
  readonly #transaction: ScriptTransaction;
  /** The last statement that `beforeEnd` was called for. */
  #shown = -1;
  #block: OpenedBy;

  constructor(
    readonly context: RunContext,
    readonly script: ReplayScript,
    readonly options: RunOptions,
  ) {
    this.#transaction = new ScriptTransaction(context, script, options);
    this.#block = openingBlock(script);
  }

  async run(): Promise<StatementObservation[]> {
    if (this.#block !== 'none') await this.#transaction.open('BEGIN');
    for (const [index, statement] of this.script.statements.entries()) {
      this.#transaction.observations.push(
        statement.control ? await this.#control(index, statement) : await this.#statement(index, statement),
      );
      if (this.#shown < index) await this.#show(index, this.#block !== 'none');
      await this.options.afterEach?.(index, this.#block !== 'none');
      if (this.options.stopAtError && isFailure(this.#transaction.observations[index])) {
        if (this.#block !== 'none') await this.context.wire.rows('ROLLBACK');
        return this.#transaction.observations;
      }
    }
    if (this.#block !== 'none') await this.#finish();
    return this.#transaction.observations;
  }

  async #show(index: number, inTransaction: boolean): Promise<void> {
    this.#shown = index;
    await this.options.beforeEnd?.(index, inTransaction);
  }

  async #statement(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    const inTransaction = this.#block !== 'none';
    const skipped = refusal(statement.text, inTransaction);
    if (skipped) return quiet(inTransaction, { error: skipped, locksKnown: false });
    this.#transaction.statements.push([index, statement]);
    const seen = await (inTransaction
      ? this.#inBlock(index, statement)
      : runAlone(this.#transaction, index, statement, () => this.#show(index, true)));
    return seen.error?.gaveUp === undefined ? seen : { ...seen, locksKnown: false };
  }

  async #inBlock(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    const { wire } = this.context;
    if (readsRows(statement.text)) await this.options.observer?.beforePlanned();
    await wire.rows('SAVEPOINT mem8');
    const { result, names } = await this.#transaction.withSettings(await this.#transaction.send(index, statement), async () => {
      await wire.rows('ROLLBACK TO SAVEPOINT mem8');
      await this.context.settings.apply(wire);
      return this.#transaction.send(index, statement);
    });
    if (result.status === 'I') {
      await this.#transaction.lost();
      return quiet(true, this.#transaction.errorOf(result, statement));
    }
    if (result.error && this.#transaction.rowsMayMatter(result, statement))
      return this.#inBlockWithoutRows(index, statement, result, names);
    if (result.error) {
      await wire.rows('ROLLBACK TO SAVEPOINT mem8; RELEASE SAVEPOINT mem8');
      await this.options.observer?.statementRolledBack();
      if (
        comesTooLate(result.error) &&
        this.#transaction.statements.every(([, { text, control }]) => control !== undefined || isSetting(text))
      )
        return quiet(true);
      return quiet(true, this.#transaction.errorOf(result, statement, names));
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
    const before = this.#transaction.removed;
    const { removal, result } = await retryWithoutRows(seeds, statement.text, before, first, async (next) => {
      await wire.rows('ROLLBACK TO SAVEPOINT mem8');
      if (!(await seeds.remove(wire, next))) return undefined;
      await observer?.afterOurs(changedBy(next));
      this.#transaction.removed = next;
      return this.#transaction.send(index, statement);
    });
    if (result.status === 'I') {
      await this.#transaction.lost();
      return quiet(true, this.#transaction.errorOf(result, statement));
    }
    if (removal) {
      observer?.oursEnded(true);
      const observation = (await observer?.afterStatement(true, statement.text)) ?? quiet(true);
      await wire.rows('RELEASE SAVEPOINT mem8');
      return { ...observation, ...this.#transaction.rowsErrorOf(first, statement, removal), ...settingsOf(names) };
    }
    this.#transaction.removed = before;
    await wire.rows('ROLLBACK TO SAVEPOINT mem8; RELEASE SAVEPOINT mem8');
    observer?.oursEnded(false);
    await observer?.statementRolledBack();
    if (!result.error || !readsDeletedRows(statement.text) || !rowsMayBeAtFault(result.error, statement.text))
      return quiet(true, this.#transaction.errorOf(result, statement, names));
    await this.#transaction.startAgainWithoutRows();
    const again = await this.#inBlock(index, statement);
    return again.error ? again : { ...again, ...this.#transaction.rowsErrorOf(first, statement) };
  }

  async #control(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    switch (statement.control) {
      case 'begin':
        if (this.#block === 'none') await this.#transaction.open(statement.text);
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
    const ended =
      statement.control === 'commit' ? await this.#transaction.end(this.options.end) : await this.context.wire.query('ROLLBACK', false);
    this.#block = 'none';
    if (ended.error || statement.control === 'rollback') await this.#transaction.reload();
    // What is left of a multi-statement message is one implicit transaction again.
    if (openingBlock(this.script) === 'message' && index + 1 < this.script.statements.length) {
      await this.#transaction.open('BEGIN');
      this.#block = 'message';
    }
    return quiet(true, ended.error && { error: this.context.explain(databaseError(ended.error, '')) });
  }

  /** SAVEPOINT, RELEASE and ROLLBACK TO of the script. They run bare, as a savepoint of ours around them would be theirs to release. */
  async #savepoint(index: number, statement: ReplayStatement): Promise<StatementObservation> {
    const [, verb = '', name = ''] =
      /^\s*(savepoint|release|rollback)\b(?:[^]*?\b(?:savepoint|to))?\s+("(?:[^"]|"")+"|\w+)\s*;?\s*$/i.exec(statement.text) ?? [];
    const known = this.#transaction.savepoints.lastIndexOf(name);
    const works = this.#block !== 'none' && (verb.toLowerCase() === 'savepoint' || known >= 0);
    if (!works) return this.#statement(index, statement);
    this.#transaction.statements.push([index, statement]);
    const result = await this.#transaction.send(index, statement);
    if (result.error) {
      await this.context.wire.rows('ROLLBACK');
      await this.#transaction.lost();
      return quiet(true, this.#transaction.errorOf(result, statement));
    }
    if (verb.toLowerCase() === 'savepoint') this.#transaction.savepoints.push(name);
    else this.#transaction.savepoints.length = verb.toLowerCase() === 'release' ? known : known + 1;
    if (verb.toLowerCase() === 'rollback') await this.#transaction.reload();
    return quiet(true);
  }

  async #finish(): Promise<void> {
    const ended = await this.#transaction.end(this.options.end);
    if (!ended.error) return;
    if (this.options.end === 'commit') await this.#transaction.reload();
    // Only the whole transaction fails at its end; the last statement stands for it.
    const last = this.#transaction.observations.length - 1;
    const observation = this.#transaction.observations[last];
    if (observation && !observation.error) {
      this.#transaction.observations[last] = { ...observation, error: this.context.explain(databaseError(ended.error, '')) };
    }
  }
}
