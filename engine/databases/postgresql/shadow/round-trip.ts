import { compareFacts } from '../catalogue/differences';
import type { Difference } from '../../fact';
import { readFacts } from '../catalogue/facts';
import { hashRows } from '../catalogue/fingerprint';
import type { Catalog } from './catalog';
import { databaseError } from './database-error';
import { readHeld } from './observe-statement';
import type { DatabaseError, ReplayScript, ReplayStep, RoundTrip } from '../../observation';
import { readsDeletedRows, readsRows } from './reads-rows';
import { refusal } from './refusal';
import { canBeTakenBack, textHere, textInTransaction } from './imitation';
import { failedUp, isInSchema, judge, withoutDown, type Failure } from './round-trip-verdict';
import { dropsPrepared, isAtomic, isFailure, openingBlock, type RunContext } from './run-context';
import { runScript } from './run-script';
import { changedBy, noRemoval, type Removal, type SeedRows } from './seeding/seed-rows';
import { readSequences, restoreSequences } from './sequences';
import { differencesOf, Scope, type State } from './touched-scope';
import type { Wire } from './wire';
import { rowsLevel, rowsMayBeAtFault, type RowsLevel } from './without-rows';

type ScriptName = 'up' | 'down' | 'upAgain';

/** What a round trip runs on. `wire` and `catalog` are at the state before the step. */
export interface RoundTripContext extends RunContext {
  readonly catalog: Catalog;
  /** The made-up rows of the database. */
  readonly seeds: SeedRows;
  /** Tells the watchdog which script runs. */
  enter(down: boolean): void;
  /** Undoes what scripts did to the session: settings, roles, temporary tables. */
  resetSession(inTransaction: boolean): Promise<void>;
}

/** `again`: this way cannot tell, take the other. `left`: what the database is now. */
export type RoundTripOutcome =
  { readonly again: true } | { readonly again: false; readonly roundTrip: RoundTrip; readonly left: 'before' | 'after' | 'unknown' };

/**
 * Errors that come from running up and down in one transaction, which a runner does not do: unsafe use of a new enum value,
 * pending trigger events, and statements that refuse to run in a transaction block.
 */
const ownTransactionErrors: ReadonlySet<string> = new Set(['55P04', '55006', '25001', '2D000', '25P02', '0A000']);

/** True when up and down may be run inside one transaction and taken back. */
export function canRunInOneTransaction(step: ReplayStep): boolean {
  const scripts = step.down ? [step.up, step.down] : [step.up];
  return scripts.every(
    (script) =>
      (isAtomic(script) || isRunOfTransactions(script)) &&
      script.statements.every((each) => !/\btemp(?:orary)?\b|\bon\s+commit\b/i.test(each.text)),
  );
}

/** True when every statement is a transaction of its own and all of them can be taken back. */
function isRunOfTransactions(script: ReplayScript): boolean {
  return openingBlock(script) === 'none' && script.statements.every((each) => each.control === undefined && canBeTakenBack(each));
}

/**
 * Up, down and up again in one transaction, taken back, and then the up once more. What a step touches is known only
 * afterwards, from the locks that it took and the catalog rows that it wrote; so the state before is read last, when
 * everything has been rolled back, over what up and down had touched when the state after was read.
 *
 * Made-up rows are there, unless they are what makes a script fail: then those of the tables at fault are made again or left
 * out, or all.
 * @param keep whether the last up is committed; it is what the up does without made-up rows
 * @throws Stopped, BrokenInstance
 */
export async function roundTripInTransaction(context: RoundTripContext, step: ReplayStep, keep: boolean): Promise<RoundTripOutcome> {
  let without: Without = { removal: noRemoval, forGood: false };
  for (;;) {
    const outcome = await tryInTransaction(context, step, keep, without);
    if (!('next' in outcome)) return outcome;
    without = outcome.next;
  }
}

/** @param forGood whether the rows are taken away in a transaction of their own, as an index is built also over rows that its own deleted */
interface Without {
  readonly removal: Removal;
  readonly forGood: boolean;
}

/** Made-up rows may be why a script fails, or the lack of a setting that has a value now: what to try without. */
interface TryAgain {
  readonly next: Without;
}

async function tryInTransaction(
  context: RoundTripContext,
  step: ReplayStep,
  keep: boolean,
  { removal, forGood }: Without,
): Promise<RoundTripOutcome | TryAgain> {
  const { wire, catalog, seeds, settings } = context;
  const { down } = step;
  if (forGood) {
    await wire.rows('BEGIN');
    await seeds.remove(wire, removal);
    await wire.rows('COMMIT');
    seeds.committed(removal);
  }
  const level = rowsLevel(seeds, removal);
  const depends = seeds.present && step.up.statements.some((each) => readsRows(each.text));
  const sequences = depends ? await readSequences(wire) : new Map<string, string | null>();
  await wire.rows('BEGIN');
  await settings.apply(wire);
  if (!forGood) await seeds.remove(wire, removal);
  await wire.rows('SAVEPOINT mem8_start');
  catalog.mark();
  const scope = new Scope(wire, catalog);
  await scope.begin();
  const giveBack = async (): Promise<void> => {
    await wire.rows('ROLLBACK');
    catalog.revert();
    await restoreSequences(wire, sequences);
  };
  const atFault = async (failure: Failure | undefined): Promise<TryAgain | undefined> => {
    if (!failure) return undefined;
    const { error } = failure;
    const { text = '' } = (failure.script === 'down' ? down : step.up)?.statements[failure.statement] ?? {};
    if (settings.learn(error)) return { next: { removal, forGood } };
    if (!rowsMayBeAtFault(error, text)) return undefined;
    const next = level === 0 ? undefined : seeds.nextRemoval(removal, text, error);
    if (next) return { next: { removal: next, forGood: false } };
    const wereDeleted = !forGood && removal.tables.length > 0 && readsDeletedRows(text);
    return wereDeleted ? { next: { removal, forGood: true } } : undefined;
  };
  // A script of several transactions leaves those before the failure behind.
  const needsOwnTransactions = ({ script, error }: Failure): boolean =>
    error.gaveUp === undefined &&
    (ownTransactionErrors.has(error.sqlstate) || !isAtomic((script === 'down' ? down : undefined) ?? step.up));

  const up = await runInside(context, step.up, 'up', level);
  if (up) {
    await giveBack();
    const fault = await atFault(up);
    if (fault) return fault;
    if (needsOwnTransactions(up)) return { again: true };
    return { again: false, roundTrip: failedUp(step, up), left: 'before' };
  }
  await scope.learn();
  const seen = depends ? seeds.among((await readHeld(wire)).all) : [];
  let downFailure: Failure | undefined;
  let after: State | undefined;
  let upAgain: Failure | undefined;
  if (down) {
    await context.resetSession(true);
    await wire.rows('SAVEPOINT mem8_down');
    downFailure = await runInside(context, down, 'down', level);
    if (!downFailure) {
      await scope.learn();
      await context.resetSession(true);
      after = await scope.state();
      await wire.rows('SAVEPOINT mem8_again');
      upAgain = (await runInside(context, step.up, 'upAgain', level)) ?? (await endOf(wire, step.up, 'upAgain'));
    }
  } else upAgain = await endOf(wire, step.up, 'up');
  const failure = downFailure ?? upAgain;
  const fault = await atFault(failure);
  if (fault) {
    await giveBack();
    return fault;
  }
  if (down && failure && needsOwnTransactions(failure)) {
    await giveBack();
    return { again: true };
  }
  if (!down && failure) {
    await giveBack();
    return { again: false, roundTrip: failedUp(step, failure), left: 'before' };
  }
  let differences: Difference[] = [];
  let sameAgain = true;
  if (down || seen.length > 0) {
    await wire.rows('ROLLBACK TO SAVEPOINT mem8_start');
    catalog.revert();
    if (after) differences = differencesOf(await scope.state(), after);
    catalog.mark();
    await scope.begin();
    if (down && !failure && differences.some(isInSchema)) sameAgain = await leadsToTheSame(context, scope, { up: step.up, down, level });
    if (keep && seen.length === 0) {
      const problem = await runInside(context, step.up, 'up', level);
      await scope.learn();
      if (problem) keep = false;
    }
  }
  const trip = down ? judge(step, differences, failure, sameAgain, removal.tables.length > 0) : withoutDown(step);
  if (seen.length === 0) {
    const { changed } = await readHeld(wire);
    await wire.rows(keep ? 'COMMIT' : 'ROLLBACK');
    if (keep) catalog.keep();
    else catalog.revert();
    if (keep) {
      seeds.committed(removal);
      seeds.touched(changed);
      seeds.ran(step.up.statements.map((each) => each.text));
    }
    return { again: false, roundTrip: trip, left: keep ? 'after' : 'before' };
  }
  await giveBack();
  const problem = await upOnEmptyTables(context, step, keep, [...new Set([...seen, ...changedBy(removal)])]);
  return { again: false, roundTrip: problem ? failedUp(step, problem) : trip, left: keep && !problem ? 'after' : 'before' };
}

/**
 * True when the up leads to the same schema after a down that left differences as it did the first time. Rows say nothing here:
 * sequences and clocks give each run others. Leaves the state as it is.
 */
async function leadsToTheSame(
  context: RoundTripContext,
  scope: Scope,
  { up, down, level }: { up: ReplayScript; down: ReplayScript; level: RowsLevel },
): Promise<boolean> {
  const { wire, catalog } = context;
  await wire.rows('SAVEPOINT mem8_compare');
  await runInside(context, up, 'up', level);
  await scope.learn();
  await context.resetSession(true);
  await wire.rows('SAVEPOINT mem8_first');
  await runInside(context, down, 'down', level);
  await context.resetSession(true);
  await runInside(context, up, 'upAgain', level);
  await scope.learn();
  await context.resetSession(true);
  const second = await scope.facts();
  await wire.rows('ROLLBACK TO SAVEPOINT mem8_first');
  const first = await scope.facts();
  await wire.rows('ROLLBACK TO SAVEPOINT mem8_compare');
  catalog.revert();
  catalog.mark();
  await scope.begin();
  return compareFacts(first, second).every((each) => each.cosmetic);
}

/** The up as it goes without made-up rows in the tables that it reads. */
async function upOnEmptyTables(
  context: RoundTripContext,
  step: ReplayStep,
  keep: boolean,
  tables: readonly number[],
): Promise<Failure | undefined> {
  const { wire, catalog, seeds } = context;
  await wire.rows('BEGIN');
  await context.settings.apply(wire);
  const removal = { ...noRemoval, tables };
  await seeds.remove(wire, removal);
  catalog.mark();
  const scope = new Scope(wire, catalog);
  await scope.begin();
  const problem = (await runInside(context, step.up, 'up', rowsLevel(seeds, removal))) ?? (await endOf(wire, step.up, 'up'));
  if (problem || !keep) {
    await wire.rows('ROLLBACK');
    catalog.revert();
    return problem;
  }
  await scope.learn();
  const { changed } = await readHeld(wire);
  await wire.rows('COMMIT');
  catalog.keep();
  seeds.removed(tables);
  seeds.touched(changed);
  seeds.ran(step.up.statements.map((each) => each.text));
  return undefined;
}

/**
 * Up, down and up again as the runner does it, each committed. The whole schema is read each time.
 * @throws Stopped, BrokenInstance
 */
export async function roundTripCommitted(
  context: RoundTripContext,
  step: ReplayStep,
): Promise<Extract<RoundTripOutcome, { again: false }>> {
  const { wire, catalog } = context;
  const state = async (): Promise<State> => {
    await catalog.load();
    await wire.rows('BEGIN');
    const scope = catalog.allOids();
    const read = { facts: await readFacts(wire, scope, undefined), rows: await hashRows(wire, scope) };
    await wire.rows('COMMIT');
    return read;
  };
  const rows = rowsLevel(context.seeds, noRemoval);
  const run = async (script: ReplayScript, name: ScriptName): Promise<Failure | undefined> => {
    context.enter(name === 'down');
    const observations = await runScript(context, script, { end: 'commit', stopAtError: true, rows });
    await context.resetSession(false);
    const statement = observations.findIndex(isFailure);
    const error = observations[statement]?.error;
    return error && { script: name, statement, error };
  };
  const depends = context.seeds.present && step.up.statements.some((each) => readsRows(each.text));
  const before = await state();
  context.seeds.touchedAnything();
  const up = await run(step.up, 'up');
  if (up) return { again: false, roundTrip: failedUp(step, up), left: 'unknown' };
  const first = await state();
  if (!step.down) return { again: false, roundTrip: withoutDown(step), left: depends ? 'unknown' : 'after' };
  const downFailure = await run(step.down, 'down');
  if (downFailure) return { again: false, roundTrip: judge(step, [], downFailure, true), left: 'unknown' };
  const after = await state();
  const differences = differencesOf(before, after);
  const upAgain = await run(step.up, 'upAgain');
  if (upAgain) return { again: false, roundTrip: judge(step, differences, upAgain, true), left: 'unknown' };
  const again = differencesOf(first, await state());
  const roundTrip = judge(step, differences, undefined, !again.some(isInSchema));
  return { again: false, roundTrip, left: again.length === 0 && !depends ? 'after' : 'unknown' };
}

/** Runs the statements of a script in the transaction that is open, up to the first error. */
async function runInside(
  context: RoundTripContext,
  script: ReplayScript,
  name: ScriptName,
  level: RowsLevel,
): Promise<Failure | undefined> {
  context.enter(name === 'down');
  for (const [statement, each] of script.statements.entries()) {
    const { text, control } = each;
    if (control === 'begin' || control === 'commit') continue;
    const givenUp = context.givenUp(text, level);
    if (givenUp) return { script: name, statement, error: givenUp };
    if (refusal(text, true)) continue;
    const sent =
      openingBlock(script) === 'none' && each.outside ? await textInTransaction(context.wire, each) : await textHere(context.wire, each);
    const result = await context.guarded(statement, level, () => context.wire.query(sent, false));
    if (result.error) return { script: name, statement, error: context.explain(databaseError(result.error, text)) };
    if (result.status !== 'T') return { script: name, statement, error: lostTransaction };
    if (dropsPrepared(text)) await context.prepare();
  }
  return undefined;
}

/** The statement ended the transaction around it: only the committed way can tell what it does. */
const lostTransaction: DatabaseError = { sqlstate: '25P02', message: 'The statement ended the transaction.' };

/** What the end of the transaction would say. */
async function endOf(wire: Wire, script: ReplayScript, name: ScriptName): Promise<Failure | undefined> {
  const result = await wire.query('SET CONSTRAINTS ALL IMMEDIATE', false);
  if (!result.error) return undefined;
  return { script: name, statement: Math.max(0, script.statements.length - 1), error: databaseError(result.error, '') };
}
