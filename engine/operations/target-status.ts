import { releaseGraph } from '../inputs/releases/graph';
import { endOf, type OpenRun, placeOf } from '../running/journal/journal-state';
import { VersionTracker } from '../running/journal/version-tracker';
import type { MigrationState, TargetStatus } from '../running/plan';
import { readMissing } from '../running/journal/journal-reading';
import { findDrift } from '../running/verification/drift';
import { backupsOf, type Installation, type OpenedTarget } from './installation';
import { remainingLeftover } from './verification';

/** What the target is, and what was done to it. Changes nothing. */
export async function statusOf(installation: Installation, opened: OpenedTarget): Promise<TargetStatus> {
  const { sources, target, session, journal } = opened;
  const backups = backupsOf(installation, opened);
  const run = journal.openRun;
  return {
    system: sources.manifest.system,
    target: target.name,
    targetDescription: target.description,
    protected: target.protected,
    serverVersion: session.serverVersion,
    release: new VersionTracker(journal).currentRelease,
    newest: releaseGraph(sources.manifest).newest?.version ?? null,
    migrations: migrationStates(opened),
    ...(run && unfinished(run)),
    leftover: await remainingLeftover(opened),
    rowsLeft: run ? undefined : journal.rowsLeft,
    drift: await findDrift(sources.database.catalogue, session, journal),
    journalLacks: journal.exists ? await readMissing(session) : [],
    backups: await backups.list(),
    leftCopies: await backups.leftovers(session),
  };
}

/** An open run: interrupted, or running where another process carries it out. */
function unfinished(run: OpenRun): Pick<TargetStatus, 'interrupted' | 'running'> {
  const { id, plan, direction, from, to, runner, error } = run;
  const { step, title, state, since, done, total } = placeOf(run);
  const common = { run: id, plan: plan.id, direction, from, to, step, done, total };
  if (runner !== undefined) return { running: { ...common, title, since, by: runner } };
  return { interrupted: { ...common, state, ended: endOf(run), error: error?.message } };
}

/** Those of the manifest in its order, then those that only the journal knows. */
function migrationStates({ sources, journal }: OpenedTarget): MigrationState[] {
  const stored = new Map(journal.migrations.map((migration) => [migration.id, migration]));
  const listed = sources.migrations.map(({ id, release, hash }): MigrationState => {
    const applied = stored.get(id);
    if (!applied) return { id, release, state: 'pending' };
    const isEdited = applied.hash !== hash && applied.state === 'applied';
    return { id, release, state: isEdited ? 'edited' : applied.state, appliedAt: applied.appliedAt };
  });
  const known = new Set(sources.migrations.map((migration) => migration.id));
  const missing = journal.migrations.filter((migration) => !known.has(migration.id));
  return [...listed, ...missing.map(({ id, release, appliedAt }): MigrationState => ({ id, release, state: 'missing', appliedAt }))];
}
