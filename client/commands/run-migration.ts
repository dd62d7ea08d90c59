import type { RunEnd } from '../runs/upgrade-runs';
import type { Services } from '../services';
import { asArgument, isFromPalette } from './argument';
import { chooseMigration, statusOf } from './choose';
import { projectAndTarget, releaseOf } from './goal';

/** Plans, confirms and runs one migration that is not applied yet. */
export async function runMigration(services: Services, value: unknown): Promise<RunEnd | undefined> {
  const argument = asArgument(value);
  const chosen = await projectAndTarget(services, argument);
  if (!chosen) return undefined;
  const { project, target } = chosen;
  let { migration } = argument;
  if (migration === undefined) {
    const status = await statusOf(services, project, target);
    migration = status && (await chooseMigration(status, ['pending', 'partial'], 'first'))?.id;
  }
  if (migration === undefined) return undefined;
  const release = argument.release ?? releaseOf(project, migration);
  return services.runs.planAndRun(
    { direction: 'upgrade', manifest: project.manifest.fsPath, target, migration, ...(release === undefined ? {} : { release }) },
    { fromPalette: isFromPalette(value) },
  );
}
