import { defaultTargetSetting } from '../settings';
import type { ManifestProject } from '../projects';
import type { Goal } from '../runs/command-line';
import type { RunEnd } from '../runs/upgrade-runs';
import type { Services } from '../services';
import { asArgument, type CommandArgument, isFromPalette } from './argument';
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

/** What a person chooses of a goal, once its project and target are known. */
export type ChooseGoal = (
  project: ManifestProject,
  target: string,
  argument: CommandArgument,
) => Promise<Omit<Goal, 'manifest' | 'target'> | undefined>;

/** The goal of a command, or undefined when a person gave up or may not run anything. */
export async function goalOf(services: Services, value: unknown, choose: ChooseGoal): Promise<Goal | undefined> {
  const argument = asArgument(value);
  const chosen = await projectAndTarget(services, argument);
  if (!chosen) return undefined;
  const { project, target } = chosen;
  const goal = await choose(project, target, argument);
  return goal && { ...goal, manifest: project.manifest.fsPath, target };
}

/** Plans, confirms and runs the goal of a command. */
export async function runGoal(services: Services, value: unknown, choose: ChooseGoal): Promise<RunEnd | undefined> {
  const goal = await goalOf(services, value, choose);
  return goal && services.runs.planAndRun(goal, { fromPalette: isFromPalette(value) });
}

/** The release of a migration as the manifest says. */
export function releaseOf(project: ManifestProject, migration: string): string | undefined {
  return project.releases.find(({ migrations }) => migrations.includes(migration))?.version;
}
