import { installPostgresqlMajor } from '../../scripts/lib/postgresql-majors.mjs';
import { startPostgres } from '../support/postgres';
import { examples } from './features';
import { type FeatureMeasurement, measureFeatures } from './measure-features';
import { measureServer } from './measure-server';
import { type Facts, statements } from './statements';

export interface MeasuredMajor {
  /** Why there is no such server on this platform; everything else is absent then. */
  readonly missing?: string;
  readonly serverVersion?: string;
  readonly facts?: ReadonlyMap<string, Facts>;
  readonly features?: readonly FeatureMeasurement[];
}

/** Starts a server of each major, sends it every statement and every example of a feature, and ends it. */
export async function measureMajors(majors: readonly number[]): Promise<ReadonlyMap<number, MeasuredMajor>> {
  const waiting = [...majors];
  const measured = new Map<number, MeasuredMajor>();
  const work = async () => {
    for (let major = waiting.shift(); major !== undefined; major = waiting.shift()) measured.set(major, await measureMajor(major));
  };
  // Servers are processes of their own, so two of them use two processors.
  await Promise.all([work(), work()]);
  return measured;
}

async function measureMajor(major: number): Promise<MeasuredMajor> {
  const installed = await installPostgresqlMajor(major);
  if ('missing' in installed) return installed;
  const server = await startPostgres({ package: installed.folder, settings: ['autovacuum=off', 'synchronous_commit=off'] });
  try {
    const [facts, features] = await Promise.all([measureServer(server, statements), measureFeatures(server, examples)]);
    return { serverVersion: server.serverVersion, facts, features };
  } finally {
    await server.stop();
  }
}
