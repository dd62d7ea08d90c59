import type { RunEnd } from '../runs/upgrade-runs';
import type { Services } from '../services';
import { asArgument, isFromPalette } from './argument';
import { chooseEarlierRelease, statusOf } from './choose';
import { projectAndTarget } from './goal';

/** Plans, confirms and runs a rollback to an earlier release. */
export async function rollBack(services: Services, value: unknown): Promise<RunEnd | undefined> {
  const argument = asArgument(value);
  const chosen = await projectAndTarget(services, argument);
  if (!chosen) return undefined;
  const { project, target } = chosen;
  let release = argument.release;
  if (release === undefined) {
    const status = await statusOf(services, project, target);
    release = status && (await chooseEarlierRelease(project, status, argument));
  }
  if (release === undefined) return undefined;
  return services.runs.planAndRun(
    { direction: 'rollback', manifest: project.manifest.fsPath, target, release },
    { fromPalette: isFromPalette(value) },
  );
}
