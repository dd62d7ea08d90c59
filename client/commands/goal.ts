import { defaultTargetSetting } from '../settings';
import type { ManifestProject } from '../projects';
import type { Services } from '../services';
import type { CommandArgument } from './argument';
import { chooseProject, chooseTarget } from './choose';
import { mayRun } from './trust';

/** The project and target that a command is about, or undefined when a person gave up or may not run anything. */
export async function projectAndTarget(
  services: Services,
  argument: CommandArgument,
): Promise<{ readonly project: ManifestProject; readonly target: string } | undefined> {
  if (!(await mayRun(undefined))) return undefined;
  const project = await chooseProject(services, argument);
  if (!project || !(await mayRun(project.manifest))) return undefined;
  const target = await chooseTarget(project, argument, defaultTargetSetting(project.manifest));
  return target === undefined ? undefined : { project, target };
}

/** The release of a migration as the manifest says. */
export function releaseOf(project: ManifestProject, migration: string): string | undefined {
  return project.releases.find(({ migrations }) => migrations.includes(migration))?.version;
}
