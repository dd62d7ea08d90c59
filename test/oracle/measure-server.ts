import pg from 'pg';
import { lockModes, type LockMode } from '#engine/databases/observation';
import type { RunningPostgres } from '../support/postgres';
import { commonSetup, type Facts, type OracleStatement } from './statements';

/** A relation of the schema `public` as it is at one moment. */
interface Relation {
  readonly name: string;
  readonly kind: string;
  readonly storage: string;
  readonly scans: number;
}

type Relations = ReadonlyMap<string, Relation>;

const relationsQuery = `
  SELECT c.oid::text AS oid, c.relname AS name, c.relkind::text AS kind, coalesce(pg_relation_filenode(c.oid), 0)::text AS storage,
    coalesce(pg_stat_get_xact_numscans(c.oid), 0)::int AS scans
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace`;

const locksQuery = `
  SELECT relation::text AS oid, replace(mode, 'Lock', '') AS mode FROM pg_locks
  WHERE locktype = 'relation' AND pid = pg_backend_pid() AND relation >= 16384 AND mode <> 'AccessShareLock'`;

/** What each statement does on a real server, by name: every one alone in a transaction that is rolled back. */
export async function measureServer(server: RunningPostgres, statements: readonly OracleStatement[]): Promise<Map<string, Facts>> {
  const measured = new Map<string, Facts>();
  const client = new pg.Client({ connectionString: await server.createDatabase() });
  await client.connect();
  let isFresh = false;
  for (const statement of statements) {
    if (!isFresh) await client.query(['DROP SCHEMA public CASCADE', 'CREATE SCHEMA public', ...commonSetup].join(';'));
    for (const sql of statement.setup ?? []) await client.query(sql);
    measured.set(statement.name, await measureOne(client, statement));
    isFresh = !statement.setup && !statement.alone;
  }
  await client.end();
  return measured;
}

async function measureOne(client: pg.Client, statement: OracleStatement): Promise<Facts> {
  if (statement.alone) return (await refusal(client, statement.sql)) ?? { locks: {}, rewrites: [], scans: [] };
  await client.query('BEGIN');
  try {
    for (const sql of statement.before ?? []) await client.query(sql);
    const before = await relations(client);
    const refused = await refusal(client, statement.sql);
    if (refused) return refused;
    const locks = (await client.query<{ oid: string; mode: LockMode }>(locksQuery)).rows;
    return compared(before, await relations(client), locks);
  } finally {
    await client.query('ROLLBACK');
  }
}

function compared(before: Relations, after: Relations, held: readonly { oid: string; mode: LockMode }[]): Facts {
  const locks: Record<string, LockMode> = {};
  for (const { oid, mode } of held) {
    const relation = before.get(oid);
    if (!relation || (relation.kind === 'i' && relation.name !== 't_a')) continue;
    locks[relation.name] = stronger(locks[relation.name], mode);
  }
  const tables = [...before].filter(([, { kind }]) => 'rmp'.includes(kind));
  const rewrites = tables.filter(([oid, { storage }]) => after.has(oid) && after.get(oid)?.storage !== storage);
  const scans = tables.filter(([oid, relation]) => (after.get(oid)?.scans ?? 0) > relation.scans);
  return { locks, rewrites: namesOf(rewrites), scans: namesOf(scans) };
}

async function refusal(client: pg.Client, sql: string): Promise<Facts | undefined> {
  try {
    await client.query(sql);
    return undefined;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return { locks: {}, rewrites: [], scans: [], error: error.code ?? '' };
  }
}

async function relations(client: pg.Client): Promise<Relations> {
  const { rows } = await client.query<Relation & { oid: string }>(relationsQuery);
  return new Map(rows.map(({ oid, ...relation }) => [oid, relation]));
}

function namesOf(relations: readonly (readonly [string, Relation])[]): string[] {
  return relations.map(([, { name }]) => name).sort();
}

function stronger(one: LockMode | undefined, other: LockMode): LockMode {
  return one !== undefined && lockModes.indexOf(one) > lockModes.indexOf(other) ? one : other;
}
