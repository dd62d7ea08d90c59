import { parentFolder } from '../core/paths';
import { listedBriefly } from '../core/wording';
import { readMissing, readSchema } from '../running/journal/journal-reading';
import { ended } from '../running/journal/journal-state';
import { findDrift } from '../running/verification/drift';
import { shownDifferences, StateManager } from '../running/verification/state-manager';
import { describeCheck, runHealthCheck, type HealthContext } from '../running/verification/health-checks';
import type { VerificationReport } from '../running/plan';
import type { OpenedTarget } from './installation';
import { emptyJournal } from '../running/journal/journal-state';
import { VersionTracker } from '../running/journal/version-tracker';

type CheckContext = Pick<HealthContext, 'environment' | 'signal'>;
type VerifiedCheck = VerificationReport['checks'][number];

/** Holds the target against its journal and its release against the checks of the manifest. Changes nothing. */
export async function verifyTarget(opened: OpenedTarget, context: CheckContext): Promise<VerificationReport> {
  const release = new VersionTracker(opened.journal).currentRelease;
  const checks = [
    interruption(opened),
    ...(await rowsMissing(opened)),
    unedited(opened),
    await drift(opened),
    ...rowsLeft(opened),
    ...(await health(opened, release, context)),
  ];
  return {
    target: opened.target.name,
    release,
    checks,
    passed: checks.every((check) => check.result === 'passed' || check.result === 'skipped'),
  };
}

function interruption({ journal }: OpenedTarget): VerifiedCheck {
  const name = 'No run is unfinished';
  const run = journal.openRun;
  if (!run) return { name, result: 'passed', message: 'Every run is finished.' };
  const way = `${run.direction} from ${run.from ?? 'empty'} to ${run.to ?? 'empty'}`;
  if (run.runner !== undefined) {
    return { name, result: 'failed', message: `The ${way} is in progress, by ${run.runner}. Run verify again when it has finished.` };
  }
  const next = run.direction === 'rollback' ? 'Roll back again to resume it, or apply again.' : 'Apply again to resume it, or roll back.';
  return { name, result: 'failed', message: `The ${way} ${ended(run)}. ${next}` };
}

async function rowsMissing({ journal, session }: OpenedTarget): Promise<VerifiedCheck[]> {
  const missing = journal.exists ? await readMissing(session) : [];
  if (missing.length === 0) return [];
  return [{ name: 'The journal is complete', result: 'failed', message: `It lacks ${listedBriefly(missing, 5)}.` }];
}

function unedited({ journal, sources }: OpenedTarget): VerifiedCheck {
  const name = 'Applied migrations are unchanged';
  const known = new Map(sources.migrations.map((migration) => [migration.id, migration.hash]));
  const missing = journal.migrations
    .filter((migration) => !known.has(migration.id))
    .map((migration) => `${migration.id} is not in the manifest`);
  const edited = journal.migrations
    .filter((migration) => known.has(migration.id) && migration.state === 'applied' && known.get(migration.id) !== migration.hash)
    .map((migration) => `${migration.id} was changed`);
  const faults = [...missing, ...edited];
  return faults.length === 0
    ? { name, result: 'passed', message: `${journal.migrations.length} applied.` }
    : { name, result: 'failed', message: `${faults.join('; ')}.` };
}

/** What the last rollback left different, in words; undefined where it left nothing or where the schema has changed since. */
export async function remainingLeftover(opened: OpenedTarget): Promise<string | undefined> {
  const { leftover, openRun } = opened.journal;
  if (leftover === undefined || openRun) return undefined;
  const release = opened.journal.releases.at(-1);
  const expected = await readSchema(opened.session, release ? { release: release.release } : 'first');
  const verdict = await new StateManager(opened.sources.database.catalogue).verifyState(opened.session, expected);
  return verdict.result === 'different' && verdict.message === leftover ? leftover : undefined;
}

async function drift({ journal, session, sources }: OpenedTarget): Promise<VerifiedCheck> {
  const name = 'The schema matches the journal';
  const release = journal.releases.at(-1);
  const later = journal.migrations.some((migration) => migration.ordinal > (release?.ordinal ?? 0));
  if (journal.openRun) return { name, result: 'skipped', message: 'The target is between two releases.' };
  if (journal.head === emptyJournal.head) return { name, result: 'skipped', message: 'Nothing has been run on the target.' };
  const { catalogue } = sources.database;
  const found = await findDrift(catalogue, session, journal, { withLeftovers: true });
  if (!found) return { name, result: 'skipped', message: 'The journal has no record of this schema.' };
  const reference = later
    ? 'the schema after the last run'
    : release
      ? `the schema of release ${release.release}, recorded at ${release.reachedAt}`
      : 'the schema before the first run';
  if (found.length === 0) return { name, result: 'passed', message: `It matches ${reference}.` };
  const message = `${catalogue.describe(found, shownDifferences)}.`;
  return {
    name,
    result: 'failed',
    message:
      journal.leftover === message
        ? `The last rollback did not restore ${reference}: ${message}`
        : `Drift: the schema was changed outside the journal and no longer matches ${reference}: ${message}`,
  };
}

/** What the last rollback found of the rows; they may have been corrected since, which the journal cannot show. */
function rowsLeft({ journal }: OpenedTarget): VerifiedCheck[] {
  const { rowsLeft: message, openRun } = journal;
  if (message === undefined || openRun) return [];
  const found = `The last rollback reported: ${message} They are not compared again.`;
  return [{ name: 'The last rollback restored the rows', result: 'skipped', message: found }];
}

async function health({ sources, session }: OpenedTarget, release: string | null, context: CheckContext): Promise<VerifiedCheck[]> {
  const checks = sources.manifest.releases.find((candidate) => candidate.version === release)?.checks.after ?? [];
  const results: VerifiedCheck[] = [];
  for (const check of checks) {
    const result = await runHealthCheck(check, { session, folder: parentFolder(sources.manifestPath), ...context });
    results.push({ name: check.name ?? describeCheck(check), ...result });
  }
  return results;
}
