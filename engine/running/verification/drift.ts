import type { Catalogue } from '../../databases/database';
import type { Drifted } from '../../databases/fact';
import type { SchemaState } from '../../databases/schema-state';
import type { TargetSession } from '../../databases/target';
import { ProblemError } from '../../core/problem';
import { listed } from '../../core/wording';
import { readAcceptedDrift, readLastSchema, readSchema } from '../journal/journal-reading';
import type { JournalState, RecordedSchema } from '../journal/journal-state';
import { describeDrift, type Plan } from '../plan';

/**
 * What changed in the schema since the last run ended, without a run and without being accepted; undefined where the journal has no record
 * to compare with: before the first run, while a run is unfinished, and after runs of earlier versions that ended between two releases.
 * Reads the schema once. What the last rollback left different, and reported, is no change unless `withLeftovers` is set.
 */
export async function findDrift(
  catalogue: Catalogue,
  session: TargetSession,
  journal: JournalState,
  { withLeftovers = false } = {},
): Promise<readonly Drifted[] | undefined> {
  if (!isAtRest(journal)) return undefined;
  const [release, last] = [await schemaOfRelease(session, journal), await readLastSchema(session)];
  const recorded = release ?? last;
  if (!recorded) return undefined;
  const actual = await catalogue.readSchema(session);
  const accepted = await withAccepted(session, recorded, actual);
  const leftovers = release && last && !withLeftovers ? (catalogue.drift(release, last) ?? []) : [];
  return catalogue.drift(adopted(accepted, leftovers, actual), actual);
}

/** A recorded schema with the changes that were accepted after it, as far as they are there: a change that was undone is none. */
export async function withAccepted(session: TargetSession, recorded: RecordedSchema, actual: SchemaState): Promise<SchemaState> {
  return recorded.run === undefined ? recorded : adopted(recorded, await readAcceptedDrift(session, recorded.run), actual);
}

function adopted({ fingerprint, objects }: SchemaState, changes: readonly Drifted[], actual: SchemaState): SchemaState {
  const changed: Record<string, string> = { ...objects };
  for (const [object, found] of changes.flatMap((each) => Object.entries(each.found))) {
    if ((actual.objects[object] ?? null) !== found) continue;
    if (found === null) delete changed[object];
    else changed[object] = found;
  }
  return { fingerprint, objects: changed };
}

/** @throws ProblemError `drift-found` unless each change outside the journal is accepted by name */
export function requireAccepted(drift: readonly Drifted[], { direction, target }: Plan, accept: readonly string[] = []): void {
  const refused = drift.filter(({ object, name }) => !accept.includes(`drift:${name}`) && !accept.includes(`drift:${object}`));
  if (refused.length === 0) return;
  const [changes, them] = refused.length === 1 ? ['change', 'it'] : ['changes', 'them'];
  const options = drift.map(({ name }) => `--accept "drift:${name}"`).join(' ');
  throw new ProblemError({
    code: 'drift-found',
    message: `The schema of ${target} was changed outside the journal: ${listed(refused.map(describeDrift))}.`,
    remedy: `Undo the ${changes}, or accept ${them} by name: ${direction === 'upgrade' ? 'apply' : 'rollback'} ${options}.`,
  });
}

/** True when no run is unfinished that did more than check and back up. */
function isAtRest({ exists, openRun }: JournalState): boolean {
  return exists && (openRun?.steps ?? []).every(({ kind }) => kind === 'check' || kind === 'backup');
}

/** Undefined for a target between two releases. */
async function schemaOfRelease(session: TargetSession, { releases, migrations }: JournalState): Promise<RecordedSchema | undefined> {
  const release = releases.at(-1);
  if (migrations.some(({ ordinal }) => ordinal > (release?.ordinal ?? 0))) return undefined;
  return readSchema(session, release ? { release: release.release } : 'first');
}
