import { Disposable, window, workspace } from 'vscode';
import { usualTarget } from '../projects';
import type { Services } from '../services';
import { TargetsView } from './targets-view';
import { UpgradesView } from './upgrades-view';

const viewIds = { upgrades: 'mem8Upgrade.upgrades', targets: 'mem8Upgrade.targets' } as const;

/** Registers both trees. The first time one is seen, the state of embedded targets without protection is read. */
export function registerViews(services: Services): Disposable {
  const upgrades = new UpgradesView(services.projects, services.states, services.runs);
  const targets = new TargetsView(services.projects, services.states, services.runs);
  const upgradesTree = window.createTreeView(viewIds.upgrades, { treeDataProvider: upgrades, showCollapseAll: true });
  const targetsTree = window.createTreeView(viewIds.targets, { treeDataProvider: targets });
  let isRead = false;
  const readOnce = (): void => {
    if (isRead || !workspace.isTrusted || !(upgradesTree.visible || targetsTree.visible)) return;
    isRead = true;
    void readEmbeddedTargets(services);
  };
  const listeners = [upgradesTree.onDidChangeVisibility(readOnce), targetsTree.onDidChangeVisibility(readOnce)];
  return Disposable.from(upgradesTree, targetsTree, upgrades, targets, ...listeners);
}

/** A remote or protected target is never connected to without being asked for. */
async function readEmbeddedTargets({ projects, states }: Services): Promise<void> {
  for (const project of await projects.list()) {
    const target = usualTarget(project);
    const isOurs = target?.driver === 'pglite' && !target.protected && project.manifest.scheme === 'file';
    if (isOurs && !states.get(project.manifest.fsPath, target.name)) await states.refresh(project.manifest.fsPath, target.name);
  }
}
