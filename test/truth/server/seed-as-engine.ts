import { seedPreparations } from '#engine/databases/postgresql/shadow/seeding/seed-facts';
import { SeedRows } from '#engine/databases/postgresql/shadow/seeding/seed-rows';
import type { Wire, WireResult } from '#engine/databases/postgresql/shadow/wire';
import type { Connection } from './connection';
import type { Unseeded } from './seed';

/** Gives the rows that the engine makes up to all empty tables: for telling what depends on rows from what does not. */
export async function seedAsEngine(connection: Connection): Promise<Unseeded[]> {
  const rows = (sql: string) => connection.rows(sql);
  const query = async (sql: string): Promise<WireResult> => {
    try {
      return { rows: await connection.rows(sql), status: 'I' };
    } catch (error) {
      const { code = 'XX000', message, detail } = error as Error & { code?: string; detail?: string };
      return { rows: [], error: { sqlstate: code, message, detail }, status: 'E' };
    }
  };
  for (const statement of seedPreparations) await connection.rows(statement);
  const seeds = new SeedRows();
  await seeds.ensure({ rows, query } as unknown as Wire);
  return seeds.unseeded.map(({ table, reason }) => ({ table, reason }));
}
