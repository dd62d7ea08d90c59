import type { Disposable } from 'vscode';
import type { MigrationState } from '#engine/running/plan';
import type { Projects } from './projects';
import type { Server } from './language-server';
import type { TargetStates } from './target-states';

const ranStates: ReadonlySet<MigrationState['state']> = new Set(['applied', 'edited', 'missing']);

/**
 * Tells the server what targets were seen to have, which settles those migrations. An embedded target is a place to try things, so what
 * it has can still be changed.
 */
export function settleByTargets(projects: Projects, states: TargetStates, server: Server): Disposable {
  const told = new Map<string, string>();
  return states.onDidChange(() => {
    for (const { manifest, targets } of projects.known) {
      for (const { name, driver } of targets) {
        const status = driver === 'pglite' ? undefined : states.get(manifest.fsPath, name)?.status;
        if (!status) continue;
        const migrations = status.migrations.filter(({ state }) => ranStates.has(state)).map(({ id }) => id);
        const key = `${manifest.toString()}\n${name}`;
        if (told.get(key) === migrations.join('\n')) continue;
        told.set(key, migrations.join('\n'));
        void server.tellApplied({ manifest: manifest.toString(), target: name, migrations });
      }
    }
  });
}
