import type { Disposable } from 'vscode';
import type { TargetStatus } from '#engine/upgrade/plan';
import { commands, type CommandTarget } from '#protocol';
import type { Projects } from './projects';
import type { Server } from './language-server';
import type { TargetStates } from './target-states';

/**
 * Whether a lens makes sense for what is known of the targets of its manifest: nothing is rolled back that no target has.
 * While no target was read everything is offered.
 */
export function isOffered(command: string, target: CommandTarget, statuses: readonly TargetStatus[]): boolean {
  if ((command !== commands.rollBack && command !== commands.rollBackMigration) || statuses.length === 0) return true;
  const concerned = statuses.flatMap(({ migrations }) =>
    migrations.filter(({ id, release }) => (target.migration === undefined ? release === target.release : id === target.migration)),
  );
  return concerned.length === 0 || concerned.some(({ state }) => state !== 'pending');
}

/** Keeps the lenses of the server to what is offered, as the states of targets change. */
export function offerLenses(projects: Projects, states: TargetStates, server: Server): Disposable {
  server.isOffered = (command, target) => {
    const project = projects.known.find(({ manifest }) => manifest.toString() === target.manifest);
    const statuses = project?.targets.flatMap(({ name }) => states.get(project.manifest.fsPath, name)?.status ?? []);
    return isOffered(command, target, statuses ?? []);
  };
  return states.onDidChange(() => void server.refreshLenses());
}
