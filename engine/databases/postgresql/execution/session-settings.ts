import { quotedIdentifier, stringConstant } from '../sql/quoting';
import type { TargetSession } from '../../target';

/** Gives the session the search path of the scripts; it stays as it is without one. */
export async function setSearchPath(session: TargetSession, schemas: readonly string[] | undefined): Promise<void> {
  if (!schemas) return;
  const path = schemas.map(quotedIdentifier).join(', ');
  await session.execute(`select pg_catalog.set_config('search_path', ${stringConstant(path)}, false)`);
}

/** SQL that brings the session's settings back to what they are now. */
export async function resetSqlFor(session: TargetSession): Promise<string> {
  const settings = await session.query(
    `select name, setting from pg_catalog.pg_settings where source = 'session' and context in ('user', 'superuser')`,
  );
  const calls = settings.map(
    (row) => `select pg_catalog.set_config(${stringConstant(String(row.name))}, ${stringConstant(String(row.setting))}, false);`,
  );
  const hasPath = settings.some((row) => row.name === 'search_path');
  return ['reset session authorization;', 'reset all;', ...calls, ...(hasPath ? [] : [defaultSearchPath])].join('\n');
}

/** What ALTER DATABASE and ALTER ROLE said since the session began, which a new connection would find. */
const defaultSearchPath = `select pg_catalog.set_config('search_path', pg_catalog.substr(found.setting, 13), false)
  from (select c as setting from pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c
    where c like 'search\\_path=%' and s.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
      and s.setrole in (0, (select oid from pg_catalog.pg_roles where rolname = session_user))
    order by s.setrole = 0, s.setdatabase = 0 limit 1) found;`;
