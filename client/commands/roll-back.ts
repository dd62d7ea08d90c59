import type { RunEnd } from '../runs/upgrade-runs';
import type { Services } from '../services';
import { chooseEarlierRelease } from './choose';
import { runGoal } from './goal';

/** Plans, confirms and runs a rollback to an earlier release. */
export function rollBack(services: Services, value: unknown): Promise<RunEnd | undefined> {
  return runGoal(services, value, async (project, target, argument) => {
    const release = await chooseEarlierRelease(services, project, target, argument);
    return release === undefined ? undefined : { direction: 'rollback', release };
  });
}
