import { quotedIdentifier } from '../sql/quoting';
import type { TargetSession } from '../../target';
import type { DatabaseProperties } from '../../backup-record';
import type { LeftCopy } from '../../backup-store';

/** Statements about whole databases. Names go in as they are and come out quoted. */

export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** `prefix`, the database and `suffix` in one name of at most 63 bytes; the database's part gives way. */
export function databaseName(prefix: string, database: string, suffix: string): string {
  let middle = database;
  while (Buffer.byteLength(prefix + middle + suffix) > 63) middle = [...middle].slice(0, -1).join('');
  return prefix + middle + suffix;
}

export async function databaseExists(session: TargetSession, name: string): Promise<boolean> {
  return (await session.query('SELECT FROM pg_catalog.pg_database WHERE datname = $1', [name])).length > 0;
}

export async function dropDatabase(session: TargetSession, name: string): Promise<void> {
  await session.execute(`DROP DATABASE IF EXISTS ${quotedIdentifier(name)}`);
}

/** Drops the subscriptions of a copy, which cannot be dropped with them. Their slots are the original's and stay. */
export async function dropSubscriptions(session: TargetSession): Promise<void> {
  const rows = await session.query<{ name: string }>(
    `SELECT subname::text AS name FROM pg_catalog.pg_subscription
     WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())`,
  );
  for (const name of rows.map((row) => quotedIdentifier(row.name))) {
    await session.execute(`ALTER SUBSCRIPTION ${name} DISABLE`);
    await session.execute(`ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)`);
    await session.execute(`DROP SUBSCRIPTION ${name}`);
  }
}

/** The name of a database that a backup (`scratch`) or a restore (`restoring`) makes for a while. */
export function passingName(kind: 'scratch' | 'restoring', database: string, suffix: string): string {
  return databaseName(`mem8_${kind}_`, database, `_${suffix}`);
}

/**
 * Databases without connections that `passingName` named or that are `announced`: interrupted backups and restores of `database` left
 * them.
 */
export async function leftDatabases(session: TargetSession, database: string, announced: readonly string[]): Promise<LeftCopy[]> {
  const rows = await session.query<{ name: string; bytes: string }>(
    `SELECT d.datname::text AS name,
       (CASE WHEN has_database_privilege(d.oid, 'CONNECT') THEN pg_catalog.pg_database_size(d.oid) ELSE 0 END)::text AS bytes
     FROM pg_catalog.pg_database d
     WHERE starts_with(d.datname, 'mem8_') AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)
     ORDER BY d.datname`,
  );
  const passing = /^mem8_(scratch|restoring)_.*_([0-9a-f]{6}|\d{8}T\d{6}Z)$/s;
  const isLeft = (name: string) => {
    const [, kind, suffix = ''] = passing.exec(name) ?? [];
    return announced.includes(name) || (kind !== undefined && name === passingName(kind as 'scratch', database, suffix));
  };
  return rows.filter(({ name }) => isLeft(name)).map(({ name, bytes }) => ({ location: name, bytes: Number(bytes) }));
}

/** Other programs' connections to a database, in words. */
export async function connectionsTo(session: TargetSession, database: string): Promise<string[]> {
  const rows = await session.query<{ who: string }>(
    `SELECT concat_ws(' ', COALESCE(NULLIF(application_name, ''), 'an unnamed program'), 'as', usename, 'from', COALESCE(host(client_addr), 'a local socket'),
       '(process ' || pid || ')') AS who
     FROM pg_catalog.pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid() ORDER BY pid LIMIT 10`,
    [database],
  );
  return rows.map((row) => row.who);
}

export async function terminateConnections(session: TargetSession, database: string): Promise<void> {
  await session.query('SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()', [
    database,
  ]);
}

/** Reads what belongs to a database but is neither in a dump of it nor in a copy by template. */
export async function readProperties(session: TargetSession, database: string): Promise<DatabaseProperties> {
  const [row] = await session.query<{
    owner: string;
    limit: number;
    oid: number;
    json: Record<string, string | null>;
    comment: string | null;
  }>(
    `SELECT pg_get_userbyid(datdba)::text AS owner, datconnlimit AS limit, oid, to_jsonb(d) || jsonb_build_object('encoding', pg_encoding_to_char(encoding)) AS json,
       shobj_description(oid, 'pg_database') AS comment
     FROM pg_catalog.pg_database d WHERE datname = $1`,
    [database],
  );
  if (!row) throw new Error(`There is no database ${database}.`);
  const settings = await session.query<{ role: string | null; entry: string }>(
    'SELECT r.rolname::text AS role, unnest(s.setconfig) AS entry FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole WHERE s.setdatabase = $1',
    [row.oid],
  );
  const grants = await session.query<DatabaseProperties['grants'][number]>(
    `SELECT CASE WHEN a.grantee = 0 THEN NULL ELSE pg_get_userbyid(a.grantee)::text END AS grantee, a.privilege_type AS privilege, a.is_grantable AS grantable
     FROM pg_catalog.pg_database d, LATERAL aclexplode(COALESCE(d.datacl, acldefault('d', d.datdba))) a WHERE d.datname = $1 AND a.grantee <> d.datdba`,
    [database],
  );
  return {
    owner: row.owner,
    connectionLimit: row.limit,
    locale: localeClauses(row.json),
    settings: settings.map(({ role, entry }) => ({
      role,
      name: entry.slice(0, entry.indexOf('=')),
      value: entry.slice(entry.indexOf('=') + 1),
    })),
    grants,
    comment: row.comment,
  };
}

/** Column names differ by version: `daticulocale` (15, 16) became `datlocale` (17). */
function localeClauses(row: Record<string, string | null>): string {
  const clauses = [`ENCODING ${quoteLiteral(row.encoding ?? 'UTF8')}`];
  clauses.push(`LC_COLLATE ${quoteLiteral(row.datcollate ?? 'C')}`, `LC_CTYPE ${quoteLiteral(row.datctype ?? 'C')}`);
  const locale = row.datlocale ?? row.daticulocale;
  if (row.datlocprovider === 'i' && locale) clauses.push('LOCALE_PROVIDER icu', `ICU_LOCALE ${quoteLiteral(locale)}`);
  if (row.datlocprovider === 'b' && locale) clauses.push('LOCALE_PROVIDER builtin', `BUILTIN_LOCALE ${quoteLiteral(locale)}`);
  return clauses.join(' ');
}

/** Gives a new database the properties of another. */
export async function applyProperties(session: TargetSession, database: string, properties: DatabaseProperties): Promise<void> {
  const name = quotedIdentifier(database);
  await session.transaction(async () => {
    await session.execute(`ALTER DATABASE ${name} OWNER TO ${quotedIdentifier(properties.owner)}`);
    if (properties.connectionLimit !== -1) await session.execute(`ALTER DATABASE ${name} CONNECTION LIMIT ${properties.connectionLimit}`);
    await session.execute(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
    for (const { grantee, privilege, grantable } of properties.grants) {
      const to = grantee === null ? 'PUBLIC' : quotedIdentifier(grantee);
      await session.execute(`GRANT ${privilege} ON DATABASE ${name} TO ${to}${grantable ? ' WITH GRANT OPTION' : ''}`);
    }
    for (const setting of properties.settings) {
      // FROM CURRENT takes the value as it is: lists such as search_path must not be quoted as one text.
      await session.query('SELECT pg_catalog.set_config($1, $2, true)', [setting.name, setting.value]);
      const whose = setting.role === null ? `DATABASE ${name}` : `ROLE ${quotedIdentifier(setting.role)} IN DATABASE ${name}`;
      await session.execute(`ALTER ${whose} SET ${setting.name} FROM CURRENT`);
    }
    if (properties.comment !== null) await session.execute(`COMMENT ON DATABASE ${name} IS ${quoteLiteral(properties.comment)}`);
  });
}
