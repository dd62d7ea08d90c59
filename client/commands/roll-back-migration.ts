import type { RunEnd } from '../runs/upgrade-runs';
import type { Services } from '../services';
import { chooseMigration } from './choose';
import { runGoal } from './goal';

/** Plans, confirms and undoes one applied migration. */
export function rollBackMigration(services: Services, value: unknown): Promise<RunEnd | undefined> {
  return runGoal(services, value, async (project, target, argument) => {
    const migration = argument.migration ?? (await chooseMigration(services, project, target, ['applied', 'partial', 'edited'], 'last'));
    return migration === undefined ? undefined : { direction: 'rollback', migration };
  });
}
