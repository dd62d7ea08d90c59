import type { Disposable } from 'vscode';
import type { MigrationState, TargetStatus } from '#engine/running/plan';
import { commands, type CommandTarget } from '#protocol';
import type { Projects } from './projects';
import type { Server } from './language-server';
import type { TargetStates } from './target-states';

/**
 * Whether a lens makes sense for what is known of the targets of its manifest: nothing is rolled back that no target has, and nothing is
 * run that every target has. While no target was read everything is offered.
 * @param releases the manifest's releases, the oldest first
 */
export function isOffered(command: string, target: CommandTarget, statuses: readonly TargetStatus[], releases: readonly string[]): boolean {
  if (statuses.length === 0) return true;
  switch (command) {
    case commands.rollBack:
    case commands.rollBackMigration:
      return anyMigration(target, statuses, ({ state }) => state !== 'pending');
    case commands.runMigration:
      return anyMigration(target, statuses, isOpen);
    case commands.runUpgrade:
      return statuses.some((status) => !hasReached(status, target.release, releases));
    default:
      return true;
  }
}

/** True as well if the targets know none of the migrations that the lens is about. */
function anyMigration(target: CommandTarget, statuses: readonly TargetStatus[], matches: (migration: MigrationState) => boolean): boolean {
  const concerned = statuses.flatMap(({ migrations }) =>
    migrations.filter(({ id, release }) => (target.migration === undefined ? release === target.release : id === target.migration)),
  );
  return concerned.length === 0 || concerned.some(matches);
}

function hasReached(
  { release, migrations, interrupted, running }: TargetStatus,
  wanted: string | undefined,
  releases: readonly string[],
): boolean {
  const at = release === null ? -1 : releases.indexOf(release);
  const place = wanted === undefined ? -1 : releases.indexOf(wanted);
  if (interrupted || running || place < 0 || at < place) return false;
  return !migrations.some((migration) => isOpen(migration) && releases.indexOf(migration.release) <= place);
}

function isOpen({ state }: MigrationState): boolean {
  return state === 'pending' || state === 'partial';
}

/** Keeps the lenses of the server to what is offered, as the states of targets change. */
export function offerLenses(projects: Projects, states: TargetStates, server: Server): Disposable {
  server.isOffered = (command, target) => {
    const project = projects.known.find(({ manifest }) => manifest.toString() === target.manifest);
    const statuses = project?.targets.flatMap(({ name }) => states.get(project.manifest.fsPath, name)?.status ?? []);
    const releases = project?.releases.map(({ version }) => version);
    return isOffered(command, target, statuses ?? [], releases ?? []);
  };
  return states.onDidChange(() => void server.refreshLenses());
}
