import { EventEmitter, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, type Disposable, type TreeDataProvider } from 'vscode';
import { workspacePath, type Projects } from '../projects';
import type { UpgradeRuns } from '../runs/upgrade-runs';
import type { TargetStates } from '../target-states';
import { targetNodes, type TargetNode } from './target-nodes';

/** The targets that manifests name: release, server, backups and a run that was interrupted. */
export class TargetsView implements TreeDataProvider<TargetNode>, Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #listeners: readonly Disposable[];

  constructor(
    private readonly projects: Projects,
    private readonly states: TargetStates,
    private readonly runs: UpgradeRuns,
  ) {
    const fire = (): void => this.#changed.fire();
    this.#listeners = [projects.onDidChange(fire), states.onDidChange(fire), runs.onDidChangeStep(fire)];
  }

  async getChildren(node?: TargetNode): Promise<TargetNode[]> {
    if (node) return [...node.children];
    const all = await this.projects.list();
    const { activity } = this.runs;
    return targetNodes(
      all.flatMap(({ manifest, system, targets }) =>
        targets.map((target) => ({
          manifest: manifest.toString(),
          system: system ?? workspacePath(manifest),
          ...target,
          state: this.states.get(manifest.fsPath, target.name),
          ...(activity?.goal.manifest === manifest.fsPath && activity.goal.target === target.name ? { activity } : {}),
        })),
      ),
    );
  }

  getTreeItem(node: TargetNode): TreeItem {
    const item = new TreeItem(
      node.label,
      node.children.length === 0
        ? TreeItemCollapsibleState.None
        : node.context === 'target'
          ? TreeItemCollapsibleState.Expanded
          : TreeItemCollapsibleState.Collapsed,
    );
    item.id = node.id;
    item.description = node.description;
    item.tooltip = node.tooltip ?? `${node.label}: ${node.description}`;
    item.iconPath = new ThemeIcon(node.icon, node.color === undefined ? undefined : new ThemeColor(node.color));
    item.contextValue = node.context;
    return item;
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }
}
