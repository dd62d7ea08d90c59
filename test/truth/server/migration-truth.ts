import type { ReplayStep } from '#engine/shadow/observation';
import type { Cluster } from './cluster';
import { compareRows, readRows, type RowDifference } from './rows';
import { runAsRunner, runMeasured, type ScriptFailure } from './run-script';
import { seed, type Unseeded } from './seed';
import { compareStates, isRestored, type StateDifference } from './compare-states';
import { readState, stateOf, type State } from './state';
import type { StatementFacts } from './statement-meter';
import { withConnection } from './connection';

/** What a migration really does. Scripts that work have no failure. */
export interface MigrationTruth {
  readonly up?: ScriptFailure;
  readonly down?: ScriptFailure;
  readonly upAgain?: ScriptFailure;
  /** How the schema after the down differs from the one before the up; undefined where no down ran to its end. */
  readonly schema?: readonly StateDifference[];
  /** How the schema after the second up differs from the one after the first. */
  readonly again?: readonly StateDifference[];
  /** The same for made-up rows; undefined where a script does not work on them. */
  readonly rows?: readonly RowDifference[];
  /** Why a script does not work on made-up rows although it works without them. */
  readonly onRows?: ScriptFailure & { readonly script: 'up' | 'down' | 'up again' };
  readonly unseeded: readonly Unseeded[];
  /** What the statements of the up did, on made-up rows where it works on them. */
  readonly statements: readonly StatementFacts[];
  readonly milliseconds: number;
}

/** What happens when the scripts of a step run on a copy. */
interface Trip {
  readonly up?: ScriptFailure | undefined;
  readonly down?: ScriptFailure | undefined;
  readonly upAgain?: ScriptFailure | undefined;
  readonly schema?: readonly StateDifference[];
  readonly again?: readonly StateDifference[];
  readonly rows?: readonly RowDifference[];
  readonly unseeded: readonly Unseeded[];
  readonly statements?: readonly StatementFacts[];
}

/** The database that a history is replayed into, without rows but for those that scripts make. */
export interface LiveDatabase {
  readonly cluster: Cluster;
  readonly name: string;
  /** What is in it; undefined until somebody needs it. */
  state: State | undefined;
}

/** Measures one step on copies of the live database and then runs its up there. */
export async function measureStep(live: LiveDatabase, step: ReplayStep): Promise<MigrationTruth> {
  const started = performance.now();
  const { cluster } = live;
  live.state ??= await readState(cluster.url(live.name), cluster.major);
  const seeded = await onCopy(live, (name) => trip(live, name, step, true));
  const failed = failureOf(seeded);
  const bare = failed && step.down ? await onCopy(live, (name) => trip(live, name, step, false)) : undefined;
  const advanced = await advance(live, step, failed?.script === 'up');
  const judged = bare ?? seeded;
  const up = bare || !failed ? judged.up : advanced.failure;
  const truth: MigrationTruth = {
    ...(up && { up }),
    ...(!up && judged.down && { down: judged.down }),
    ...(!up && judged.upAgain && { upAgain: judged.upAgain }),
    ...(judged.schema && { schema: judged.schema }),
    ...(judged.again && { again: judged.again }),
    ...(seeded.rows && { rows: seeded.rows }),
    ...(failed && !failureOf(bare ?? { up, unseeded: [] }) && { onRows: failed }),
    unseeded: seeded.unseeded,
    statements: advanced.statements ?? seeded.statements ?? [],
    milliseconds: Math.round(performance.now() - started),
  };
  return truth;
}

/** Runs a step's up in the live database; a failing statement is left out alone, as the embedded engine does. */
export async function advance(
  live: LiveDatabase,
  step: ReplayStep,
  measures: boolean,
): Promise<{ failure?: ScriptFailure; statements?: readonly StatementFacts[] }> {
  const url = live.cluster.url(live.name);
  live.state = undefined;
  const failure = measures ? undefined : await runAsRunner(url, step.up);
  if (!measures && !failure) return {};
  const { statements, failure: first } = await runMeasured(url, step.up, true);
  const found = failure ?? first;
  return { statements, ...(found && { failure: found }) };
}

async function onCopy<T>({ cluster, name }: LiveDatabase, work: (copy: string) => Promise<T>): Promise<T> {
  await cluster.keepShared();
  const copy = await cluster.create(name);
  try {
    return await work(copy);
  } finally {
    await cluster.drop(copy);
    await cluster.restoreShared();
  }
}

async function trip({ cluster, state }: LiveDatabase, name: string, step: ReplayStep, withRows: boolean): Promise<Trip> {
  const url = cluster.url(name);
  const before = withRows
    ? await withConnection(url, async (connection) => ({ unseeded: await seed(connection), rows: await readRows(connection) }))
    : { unseeded: [], rows: undefined };
  const { unseeded } = before;
  const measured = withRows ? await runMeasured(url, step.up, false) : { failure: await runAsRunner(url, step.up), statements: undefined };
  const { failure: up, statements } = measured;
  if (up || !step.down) return { up, unseeded, ...(statements && { statements }) };
  const first = await readState(url, cluster.major);
  const down = await runAsRunner(url, step.down);
  if (down) return { down, unseeded, ...(statements && { statements }) };
  const after = await withConnection(url, async (connection) => ({
    state: await stateOf(connection, cluster.major),
    rows: before.rows && (await readRows(connection)),
  }));
  const upAgain = await runAsRunner(url, step.up);
  const again = upAgain ? undefined : compareStates(first, await readState(url, cluster.major));
  return {
    upAgain,
    schema: compareStates(state ?? new Map(), after.state),
    ...(again && !isRestored(again) && { again }),
    ...(before.rows && after.rows && { rows: compareRows(before.rows, after.rows) }),
    unseeded,
    ...(statements && { statements }),
  };
}

function failureOf({ up, down, upAgain }: Trip): MigrationTruth['onRows'] {
  if (up) return { ...up, script: 'up' };
  if (down) return { ...down, script: 'down' };
  return upAgain && { ...upAgain, script: 'up again' };
}
