import { randomUUID } from 'node:crypto';
import { DatabaseFailure, type Row, type TargetSession } from '../../databases/target';
import type { DatabaseIdentity } from '../database-identity';
import { isPresent, readMeta } from './journal-reading';

/** The identity of the database of a session. @throws ProblemError as `readMeta` */
export async function readIdentity(session: TargetSession): Promise<DatabaseIdentity> {
  const place = await session.place();
  const stored = (await isPresent(session)) ? storedIdentity(await readMeta(session)) : undefined;
  const earlier = stored?.places.includes(place) ? stored.places.filter((other) => other !== place) : [];
  return { id: stored?.id, places: [...earlier, place] };
}

/** Gives the database of a journal an identity where it has none or the one of the database that it was copied from. */
export async function settleIdentity(session: TargetSession, meta: Row): Promise<void> {
  const place = await session.place();
  if (storedIdentity(meta)?.places.includes(place)) return;
  try {
    await writeIdentity(session, meta, { id: randomUUID(), places: [place] });
  } catch (error) {
    // A login that may write the journal but does not own it: backups are then known by the place alone.
    if (!(error instanceof DatabaseFailure)) throw error;
  }
}

/** Makes a restored database the one that it is about to replace. */
export async function takeOverIdentity(session: TargetSession, identity: DatabaseIdentity): Promise<void> {
  const meta = await readMeta(session);
  const place = await session.place();
  const places = identity.places.includes(place) ? identity.places : [...identity.places, place];
  await writeIdentity(session, meta, { id: identity.id ?? storedIdentity(meta)?.id, places });
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
