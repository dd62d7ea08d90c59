import type { RunEnd } from '../runs/upgrade-runs';
import type { Services } from '../services';
import { asArgument, isFromPalette } from './argument';
import { chooseRelease } from './choose';
import { projectAndTarget } from './goal';

/** Plans, confirms and runs an upgrade. */
export async function runUpgrade(services: Services, value: unknown): Promise<RunEnd | undefined> {
  const argument = asArgument(value);
  const chosen = await projectAndTarget(services, argument);
  if (!chosen) return undefined;
  const { project, target } = chosen;
  const release = await chooseRelease(project, argument);
  if (release === undefined) return undefined;
  return services.runs.planAndRun(
    { direction: 'upgrade', manifest: project.manifest.fsPath, target, release },
    { fromPalette: isFromPalette(value) },
  );
}
