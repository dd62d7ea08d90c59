import { databaseError } from './database-error';
import { textHere } from './imitation';
import type { DatabaseError, ReplayScript, ReplayStatement, StatementObservation } from '../../observation';
import { readHeld } from './observe-statement';
import { readsRows } from './reads-rows';
import { dropsPrepared, type RunContext, type RunOptions } from './run-context';
import { changedBy, noRemoval, type Removal } from './seeding/seed-rows';
import { readSequences, restoreSequences, type SequenceValues } from './sequences';
import type { WireResult } from './wire';
import { rowsLevel, rowsMayBeAtFault } from './without-rows';

/**
 * The transaction that is open while a script runs, and what it saw of made-up rows. What it commits is what it does on empty tables.
 */
export class ScriptTransaction {
  /** Of the script's statements so far. */
  readonly observations: StatementObservation[] = [];
  /** Names of the script's savepoints that are open. */
  readonly savepoints: string[] = [];
  /** The statements of the open transaction, by their index. */
  readonly statements: (readonly [number, ReplayStatement])[] = [];
  /** What was taken away of made-up rows in the open transaction. */
  removed = noRemoval;
  /** True once anything of the script is committed. */
  committed = false;
  /** True when tables lost made-up rows that the next transaction should see again. */
  lostRows = false;
  #sequences: SequenceValues = new Map();

  constructor(
    readonly context: RunContext,
    readonly script: ReplayScript,
    readonly options: RunOptions,
  ) {}

  async open(sql: string): Promise<void> {
    const { wire } = this.context;
    if (this.#readsSeeds()) this.#sequences = await readSequences(wire);
    this.statements.length = 0;
    this.removed = noRemoval;
    const opened = await wire.query(sql, false);
    if (opened.error) await wire.rows('BEGIN');
    await this.context.settings.apply(wire);
    this.savepoints.length = 0;
    await this.options.observer?.begin();
  }

  /**
   * Brings the open transaction to where it is once more, over tables that had no made-up rows when it began: an index is
   * built also over rows that its own transaction deleted.
   */
  async startAgainWithoutRows(): Promise<void> {
    const { wire, settings } = this.context;
    const { observer } = this.options;
    await wire.query('ROLLBACK', false);
    await restoreSequences(wire, this.#sequences);
    if (this.statements.some(([, { text }]) => /prepare/i.test(text))) await this.context.prepare();
    await this.removeAllForGood();
    if (this.committed) await observer?.resynchronise();
    else observer?.takeBack();
    await wire.rows('BEGIN');
    await settings.apply(wire);
    await observer?.begin();
    for (const [index, statement] of this.statements.slice(0, -1)) {
      await this.#repeat(index, statement);
      await observer?.afterStatement(true);
    }
    await observer?.statementRolledBack();
  }

  /** Deletes all made-up rows in a transaction of its own. None may be open. */
  async removeAllForGood(): Promise<void> {
    const { wire } = this.context;
    const { seeds } = this.options;
    if (!seeds) return;
    const removal = { ...noRemoval, tables: seeds.all() };
    await wire.rows('BEGIN');
    await seeds.remove(wire, removal);
    await wire.rows('COMMIT');
    seeds.committed(removal);
    this.removed = noRemoval;
    this.lostRows = true;
  }

  async withSettings(first: WireResult, again: () => Promise<WireResult>): Promise<{ result: WireResult; names: string[] }> {
    const { settings } = this.context;
    return settings.lackedBy(first.error) === undefined ? { result: first, names: [] } : settings.supply(first, again);
  }

  rowsMayMatter(result: WireResult, { text }: ReplayStatement): boolean {
    return rowsLevel(this.options.seeds, this.removed) > 0 && rowsMayBeAtFault(result.error, text);
  }

  /** @param removal with what the statement worked; none where all tables were empty */
  rowsErrorOf(result: WireResult, statement: ReplayStatement, removal?: Removal): Pick<StatementObservation, 'rowsError' | 'worksOver'> {
    const { error } = this.errorOf(result, statement);
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
    const depends = this.statements.some(
      ([, { text, control }]) => readsRows(text) || (control === 'savepoint' && this.removed !== noRemoval),
    );
    return depends ? [...new Set([...seeds.among(held), ...changedBy(this.removed)])] : [];
  }

  /** Ends the open transaction. What it saw of made-up rows is first replaced by what it does on empty tables. */
  async end(end: 'commit' | 'rollback'): Promise<WireResult> {
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
    this.committed = true;
    if (this.removed !== noRemoval) this.lostRows = true;
    seeds?.committed(this.removed);
    seeds?.touched(changed);
    seeds?.ran(this.statements.map(([, { text }]) => text));
    this.removed = noRemoval;
  }

  /** Runs the statements of the transaction once more, without the made-up rows of some tables. Its errors are the ones that count. */
  async #again(tables: readonly number[], end: 'commit' | 'rollback'): Promise<WireResult> {
    const { wire } = this.context;
    const { observer, seeds } = this.options;
    await wire.query('ROLLBACK', false);
    await restoreSequences(wire, this.#sequences);
    if (this.statements.some(([, { text }]) => /prepare/i.test(text))) await this.context.prepare();
    const reload = this.committed;
    if (end === 'commit' && !reload) observer?.takeBack();
    await wire.rows('BEGIN');
    await this.context.settings.apply(wire);
    this.removed = { ...noRemoval, tables };
    await seeds?.remove(wire, this.removed);
    if (end === 'commit') await observer?.begin();
    for (const [index, statement] of this.statements) await this.#repeat(index, statement);
    const { changed } = await readHeld(wire);
    if (end === 'commit' && !reload) await observer?.afterStatement(true);
    const result = await wire.query(end === 'commit' ? 'COMMIT' : 'SET CONSTRAINTS ALL IMMEDIATE', false);
    if (end === 'rollback' || result.error) await wire.query('ROLLBACK', false);
    if (end === 'commit' && !result.error) this.#noteCommit(changed);
    this.removed = noRemoval;
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
    const result = await this.send(index, statement);
    if (result.status === 'I') await wire.rows('BEGIN; SAVEPOINT mem8');
    else if (result.error) await wire.rows('ROLLBACK TO SAVEPOINT mem8');
    await wire.rows('RELEASE SAVEPOINT mem8');
    const observation = this.observations[index];
    if (!observation) return;
    const { error, ...rest } = observation;
    if (result.error && !error) this.observations[index] = { ...rest, ...this.errorOf(result, statement) };
    else if (!result.error && error && error.gaveUp === undefined)
      this.observations[index] = { worksOver: 'no rows', rowsError: error, ...rest };
  }

  #amendLast(change: (observation: StatementObservation) => StatementObservation): void {
    const last = this.statements.at(-1)?.[0] ?? this.observations.length - 1;
    const observation = this.observations[last];
    if (observation) this.observations[last] = change(observation);
  }

  async reload(): Promise<void> {
    await this.options.observer?.resynchronise();
  }

  /** The script ended our transaction in a way that is not ours to see, e.g. by PREPARE TRANSACTION: go on in a new one. */
  async lost(): Promise<void> {
    await this.reload();
    await this.open('BEGIN');
  }

  /** Runs a statement, unless it was given up on over such rows. */
  async send(index: number, statement: ReplayStatement): Promise<WireResult> {
    const { seeds, rows = 0 } = this.options;
    const level = seeds ? rowsLevel(seeds, this.removed) : rows;
    const givenUp = this.context.givenUp(statement.text, level);
    if (givenUp) return { rows: [], error: givenUp, status: 'T' };
    const text = await textHere(this.context.wire, statement);
    const result = await this.context.guarded(index, level, () => this.context.wire.query(text, false));
    if (dropsPrepared(text) && result.status !== 'E') await this.context.prepare();
    return result;
  }

  /** @param settings that were supplied in vain: without them nobody knows what the statement does */
  errorOf(result: WireResult, statement: ReplayStatement, settings: readonly string[] = []): { error?: DatabaseError } {
    if (!result.error) return {};
    const error = this.context.explain(databaseError(result.error, statement.text));
    const [name] = settings;
    if (name === undefined) return { error };
    return { error: { sqlstate: '42704', message: `unrecognized configuration parameter "${name}"`, gaveUp: 'lacked' } };
  }
}

const noError = { sqlstate: 'XX000', message: '' } as const;

/** What is observed of a statement that does nothing. */
export function quiet(inTransaction: boolean, more: Partial<StatementObservation> = {}): StatementObservation {
  return { locks: [], rewrites: [], scans: [], changes: [], locksKnown: true, inTransaction, ...more };
}

export function settingsOf(names: readonly string[]): Pick<StatementObservation, 'settings'> {
  return names.length === 0 ? {} : { settings: [...new Set(names)] };
}
