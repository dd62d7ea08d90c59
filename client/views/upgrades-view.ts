import {
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  type Disposable,
  type TreeDataProvider,
} from 'vscode';
import { usualTarget, workspacePath, type DirectoryProject, type ManifestProject, type Projects } from '../projects';
import type { UpgradeRuns } from '../runs/upgrade-runs';
import type { TargetStates } from '../target-states';
import { directoryNodes, upgradeNodes, type DirectoryFacts, type ProjectFacts, type UpgradeNode } from './upgrade-nodes';

/** Manifests, their releases and migrations, with the state of the usual target. */
export class UpgradesView implements TreeDataProvider<UpgradeNode>, Disposable {
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

  async getChildren(node?: UpgradeNode): Promise<UpgradeNode[]> {
    if (node) return [...node.children];
    const manifests = await this.projects.list();
    return manifests.length > 0
      ? upgradeNodes(manifests.map((project) => this.#facts(project)))
      : directoryNodes(this.projects.directories.map(directoryFacts));
  }

  getTreeItem(node: UpgradeNode): TreeItem {
    const isLeaf = node.children.length === 0;
    const item = new TreeItem(
      node.label,
      isLeaf
        ? TreeItemCollapsibleState.None
        : node.kind === 'manifest' || node.kind === 'directory'
          ? TreeItemCollapsibleState.Expanded
          : TreeItemCollapsibleState.Collapsed,
    );
    item.id = [node.manifest ?? node.subject, node.release, node.migration, node.kind].join('\n');
    item.description = node.description;
    item.tooltip = node.description === '' ? node.label : `${node.label}: ${node.description}`;
    item.iconPath = new ThemeIcon(node.icon, node.color === undefined ? undefined : new ThemeColor(node.color));
    item.contextValue = node.context;
    const [command, subject] = node.kind === 'create' ? ['mem8Upgrade.init', node.subject] : ['vscode.open', openedBy(node)];
    if (subject !== undefined) item.command = { title: '', command, arguments: [Uri.parse(subject)] };
    return item;
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }

  #facts(project: ManifestProject): ProjectFacts {
    const { activity } = this.runs;
    const own = activity?.goal.manifest === project.manifest.fsPath ? activity : undefined;
    const target = own?.goal.target ?? usualTarget(project)?.name;
    const state = target === undefined ? undefined : this.states.get(project.manifest.fsPath, target);
    const path = workspacePath(project.manifest);
    return {
      manifest: project.manifest.toString(),
      system: project.system ?? path,
      path,
      target,
      releases: project.releases,
      status: state?.status,
      ...(own ? { activity: own } : {}),
      problem: state?.problem?.message,
    };
  }
}

/** URI of the file that a click on a line opens. */
function openedBy({ kind, manifest, subject }: UpgradeNode): string | undefined {
  return kind === 'manifest' ? manifest : kind === 'newest' ? subject : undefined;
}

function directoryFacts({ directory, layout, migrations, newest }: DirectoryProject): DirectoryFacts {
  return { directory: directory.toString(), path: workspacePath(directory), layout: layout ?? '', migrations, newest };
}
