import type { RunEnd } from '../runs/upgrade-runs';
import type { Services } from '../services';
import { chooseRelease } from './choose';
import { runGoal } from './goal';

/** Plans, confirms and runs an upgrade. */
export function runUpgrade(services: Services, value: unknown): Promise<RunEnd | undefined> {
  return runGoal(services, value, async (project, _target, argument) => {
    const release = await chooseRelease(project, argument);
    return release === undefined ? undefined : { direction: 'upgrade', release };
  });
}
