import { EventEmitter, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, type Disposable, type TreeDataProvider } from 'vscode';
import type { Projects } from '../projects';
import type { UpgradeRuns } from '../runs/upgrade-runs';
import type { TargetStates } from '../target-states';

interface Node {
  readonly label: string;
  readonly description: string;
  /** Id of a theme icon. */
  readonly icon: string;
  readonly color?: string;
  /** For `when` clauses of menus. */
  readonly context: string;
  readonly children: readonly Node[];
}

/** A tree that is drawn anew whenever projects, the states of targets or runs change. */
export abstract class NodeTree<N extends Node & { readonly children: readonly N[] }> implements TreeDataProvider<N>, Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #listeners: readonly Disposable[];

  constructor(
    protected readonly projects: Projects,
    protected readonly states: TargetStates,
    protected readonly runs: UpgradeRuns,
  ) {
    const fire = (): void => this.#changed.fire();
    this.#listeners = [projects.onDidChange(fire), states.onDidChange(fire), runs.onDidChangeStep(fire)];
  }

  protected abstract roots(): Promise<N[]>;

  /** Whether a line shows its children from the start. */
  protected abstract isOpen(node: N): boolean;

  async getChildren(node?: N): Promise<N[]> {
    return node ? [...node.children] : this.roots();
  }

  getTreeItem(node: N): TreeItem {
    const { None, Expanded, Collapsed } = TreeItemCollapsibleState;
    const item = new TreeItem(node.label, node.children.length === 0 ? None : this.isOpen(node) ? Expanded : Collapsed);
    item.description = node.description;
    item.tooltip = node.description === '' ? node.label : `${node.label}: ${node.description}`;
    item.iconPath = new ThemeIcon(node.icon, node.color === undefined ? undefined : new ThemeColor(node.color));
    item.contextValue = node.context;
    return item;
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }
}
