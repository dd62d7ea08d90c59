import type { RunEnd } from '../runs/upgrade-runs';
import type { Services } from '../services';
import { asArgument, isFromPalette } from './argument';
import { chooseMigration, statusOf } from './choose';
import { projectAndTarget } from './goal';

/** Plans, confirms and undoes one applied migration. */
export async function rollBackMigration(services: Services, value: unknown): Promise<RunEnd | undefined> {
  const argument = asArgument(value);
  const chosen = await projectAndTarget(services, argument);
  if (!chosen) return undefined;
  const { project, target } = chosen;
  let { migration } = argument;
  if (migration === undefined) {
    const status = await statusOf(services, project, target);
    migration = status && (await chooseMigration(status, ['applied', 'partial', 'edited'], 'last'))?.id;
  }
  if (migration === undefined) return undefined;
  return services.runs.planAndRun(
    { direction: 'rollback', manifest: project.manifest.fsPath, target, migration },
    { fromPalette: isFromPalette(value) },
  );
}
