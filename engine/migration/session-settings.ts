import { stringConstant } from '../sql/quoting';
import type { TargetSession } from '../targets/target';

/** SQL that brings the session's settings back to what they are now. */
export async function resetSqlFor(session: TargetSession): Promise<string> {
  const settings = await session.query(
    `select name, setting from pg_catalog.pg_settings where source = 'session' and context in ('user', 'superuser')`,
  );
  const calls = settings.map(
    (row) => `select pg_catalog.set_config(${stringConstant(String(row.name))}, ${stringConstant(String(row.setting))}, false);`,
  );
  return ['reset session authorization;', 'reset all;', ...calls].join('\n');
}
