import type { RunEnd } from '../runs/upgrade-runs';
import type { Services } from '../services';
import { chooseMigration } from './choose';
import { releaseOf, runGoal } from './goal';

/** Plans, confirms and runs one migration that is not applied yet. */
export function runMigration(services: Services, value: unknown): Promise<RunEnd | undefined> {
  return runGoal(services, value, async (project, target, argument) => {
    const migration = argument.migration ?? (await chooseMigration(services, project, target, ['pending', 'partial'], 'first'));
    if (migration === undefined) return undefined;
    return { direction: 'upgrade', migration, release: argument.release ?? releaseOf(project, migration) };
  });
}
