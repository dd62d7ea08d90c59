import pg from 'pg';
import type { RunningPostgres } from '../support/postgres';
import type { FeatureExample } from './features';
import { commonSetup } from './statements';

/** SQLSTATEs with which a server says that it does not know something, as opposed to that the example is wrong. */
const unknown: ReadonlySet<string> = new Set([
  '42601',
  '42704',
  '42883',
  '42804',
  '0A000',
  '22023',
  '42P01',
  '42P17',
  '42611',
  '42809',
  '42703',
  // A cast that there is not, and a text that no value had.
  '42846',
  '22007',
]);

export interface FeatureMeasurement {
  readonly example: FeatureExample;
  /** Undefined when the server accepts the statement. */
  readonly refusal: { readonly sqlstate: string; readonly message: string } | undefined;
}

/** Sends every example to a server, each on a fresh common setup. An example whose setup the server refuses is refused with it. */
export async function measureFeatures(server: RunningPostgres, examples: readonly FeatureExample[]): Promise<FeatureMeasurement[]> {
  const client = new pg.Client({ connectionString: await server.createDatabase() });
  await client.connect();
  const measured: FeatureMeasurement[] = [];
  let isFresh = false;
  for (const example of examples) {
    if (!isFresh) await client.query(['DROP SCHEMA public CASCADE', 'CREATE SCHEMA public', ...commonSetup].join(';'));
    if (!example.alone) await client.query('BEGIN');
    let refusal: FeatureMeasurement['refusal'];
    for (const sql of [...(example.setup ?? []), example.sql]) refusal ??= await refusalOf(client, sql);
    if (!example.alone) await client.query('ROLLBACK');
    isFresh = !example.alone;
    measured.push({ example, refusal });
  }
  await client.end();
  return measured;
}

/** True for a refusal because the server is too old. */
export function isTooOld(refusal: FeatureMeasurement['refusal']): boolean {
  return refusal !== undefined && unknown.has(refusal.sqlstate);
}

async function refusalOf(client: pg.Client, sql: string): Promise<FeatureMeasurement['refusal']> {
  try {
    await client.query(sql);
    return undefined;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return { sqlstate: error.code ?? '', message: error.message };
  }
}
