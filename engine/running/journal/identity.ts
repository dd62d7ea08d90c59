import { randomUUID } from 'node:crypto';
import { DatabaseFailure, type Row, type TargetSession } from '../../databases/target';
import type { DatabaseIdentity } from '../database-identity';
import { isPresent, readMeta } from './journal-reading';

/** The identity of the database of a session. @throws ProblemError as `readMeta` */
export async function readIdentity(session: TargetSession): Promise<DatabaseIdentity> {
  const place = await session.place();
  const stored = (await isPresent(session)) ? storedIdentity(await readMeta(session)) : undefined;
  return { id: stored?.id, places: isIn(stored?.places, place) ? placesWith(stored?.places, place) : placesWith([], place) };
}

/** Gives the database of a journal an identity where it has none or the one of the database that it was copied from. */
export async function settleIdentity(session: TargetSession, meta: Row): Promise<void> {
  const place = await session.place();
  if (isIn(storedIdentity(meta)?.places, place)) return;
  try {
    await writeIdentity(session, meta, { id: undefined, places: placesWith([], place) });
  } catch (error) {
    // A login that may write the journal but does not own it: backups are then known by the place alone.
    if (!(error instanceof DatabaseFailure)) throw error;
  }
}

/** Makes a restored database the one that it is about to replace. */
export async function takeOverIdentity(session: TargetSession, { id, places }: DatabaseIdentity): Promise<void> {
  const meta = await readMeta(session);
  await writeIdentity(session, meta, { id: id ?? storedIdentity(meta)?.id, places: placesWith(places, await session.place()) });
}

/** True for a database that is where its journal says, as far as that is known. */
function isIn(places: readonly string[] | undefined, place: string | undefined): boolean {
  return places !== undefined && (place === undefined || places.includes(place));
}

function placesWith(places: readonly string[] = [], place: string | undefined): readonly string[] {
  return place === undefined ? places : [...places.filter((other) => other !== place), place];
}

async function writeIdentity(session: TargetSession, meta: Row, identity: DatabaseIdentity): Promise<void> {
  await session.transaction(async () => {
    if (Number(meta.version) < session.journal.version) await session.execute(session.journal.amend);
    await session.query(session.journal.writeIdentity, [JSON.stringify({ id: identity.id ?? randomUUID(), places: identity.places })]);
  });
}

function storedIdentity(meta: Row): { readonly id: string; readonly places: readonly string[] } | undefined {
  return (meta.identity as { id: string; places: string[] } | null) ?? undefined;
}
