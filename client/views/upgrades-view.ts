import { Uri, type TreeItem } from 'vscode';
import { usualTarget, workspacePath, type DirectoryProject, type ManifestProject } from '../projects';
import { NodeTree } from './node-tree';
import { directoryNodes, upgradeNodes, type DirectoryFacts, type ProjectFacts, type UpgradeNode } from './upgrade-nodes';

/** Manifests, their releases and migrations, with the state of the usual target. */
export class UpgradesView extends NodeTree<UpgradeNode> {
  protected async roots(): Promise<UpgradeNode[]> {
    const manifests = await this.projects.list();
    return manifests.length > 0
      ? upgradeNodes(manifests.map((project) => this.#facts(project)))
      : directoryNodes(this.projects.directories.map(directoryFacts));
  }

  protected isOpen({ kind }: UpgradeNode): boolean {
    return kind === 'manifest' || kind === 'directory';
  }

  override getTreeItem(node: UpgradeNode): TreeItem {
    const item = super.getTreeItem(node);
    item.id = [node.manifest ?? node.subject, node.release, node.migration, node.kind].join('\n');
    const [command, subject] = node.kind === 'create' ? ['mem8Upgrade.init', node.subject] : ['vscode.open', openedBy(node)];
    if (subject !== undefined) item.command = { title: '', command, arguments: [Uri.parse(subject)] };
    return item;
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
      activity: own,
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
