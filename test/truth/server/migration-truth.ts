import type { ReplayStep } from '#engine/databases/observation';
import type { Cluster } from './cluster';
import { compareRows, readRows, type RowDifference } from './rows';
import { type MeasuredRun, runAsRunner, runMeasured, type ScriptFailure } from './run-script';
import type { Unseeded } from './seed';
import { compareStates, isRestored, type StateDifference } from './compare-states';
import { readState } from './state';
import type { StatementFacts } from './statement-meter';
import { type Connection, withConnection } from './connection';

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
  readonly statements: readonly StatementFacts[];
}

/** The database that a history is replayed into, without rows but for those that scripts make. */
export interface LiveDatabase {
  readonly cluster: Cluster;
  readonly name: string;
}

/** Gives rows to the empty tables of a database. */
export type Seeder = (reader: Connection) => Promise<readonly Unseeded[]>;

/** Measures one step on copies of the live database and then runs its up there. */
export async function measureStep(live: LiveDatabase, step: ReplayStep, seeder: Seeder): Promise<MigrationTruth> {
  const started = performance.now();
  const seeded = await onCopy(live, (name) => trip(live, name, step, seeder));
  const failed = failureOf(seeded);
  const bare = failed && step.down ? await onCopy(live, (name) => trip(live, name, step, undefined)) : undefined;
  const advanced = await advance(live, step, failed?.script === 'up');
  const judged = bare ?? seeded;
  const up = bare || !failed ? judged.up : advanced.failure;
  const truth: MigrationTruth = {
    up,
    down: up ? undefined : judged.down,
    upAgain: up ? undefined : judged.upAgain,
    schema: judged.schema,
    again: judged.again,
    rows: seeded.rows,
    onRows: failed?.script === failureOf(bare ?? { up, unseeded: [], statements: [] })?.script ? undefined : failed,
    unseeded: seeded.unseeded,
    statements: advanced.statements ?? seeded.statements,
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
  const failure = measures ? undefined : await runAsRunner(url, step.up);
  if (!measures && !failure) return {};
  const { statements, failure: first } = await runMeasured(url, step.up, true);
  return { statements, failure: failure ?? first };
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

function trip(live: LiveDatabase, name: string, step: ReplayStep, seeder: Seeder | undefined): Promise<Trip> {
  const url = live.cluster.url(name);
  return withConnection(url, (reader) => tripSeenBy(reader, url, live, step, seeder));
}

/** @param reader a session beside those of the scripts, which knows the catalogs already */
async function tripSeenBy(
  reader: Connection,
  url: string,
  { cluster }: LiveDatabase,
  step: ReplayStep,
  seeder: Seeder | undefined,
): Promise<Trip> {
  const before = step.down && (await readState(reader, cluster.major));
  const unseeded = seeder ? await seeder(reader) : [];
  const rows = seeder && step.down ? await readRows(reader) : undefined;
  const measured: MeasuredRun = seeder
    ? await runMeasured(url, step.up, false)
    : { statements: [], failure: await runAsRunner(url, step.up) };
  const { failure: up, statements } = measured;
  if (up || !step.down || !before) return { up, unseeded, statements };
  const first = await readState(reader, cluster.major);
  const down = await runAsRunner(url, step.down);
  if (down) return { down, unseeded, statements };
  const after = await readState(reader, cluster.major);
  const rowsAfter = rows && (await readRows(reader));
  const upAgain = await runAsRunner(url, step.up);
  const again = upAgain ? undefined : compareStates(first, await readState(reader, cluster.major));
  return {
    upAgain,
    schema: compareStates(before, after),
    again: again && !isRestored(again) ? again : undefined,
    rows: rows && rowsAfter && compareRows(rows, rowsAfter),
    unseeded,
    statements,
  };
}

function failureOf({ up, down, upAgain }: Trip): MigrationTruth['onRows'] {
  if (up) return { ...up, script: 'up' };
  if (down) return { ...down, script: 'down' };
  return upAgain && { ...upAgain, script: 'up again' };
}
