import type { TargetSession } from '../../target';

/** The names of the extensions of a database, without the one that every database has. @throws as `TargetSession.query` */
export async function installedExtensions(session: TargetSession): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    "SELECT extname::text AS name FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'",
  );
  return rows.map(({ name }) => name);
}
