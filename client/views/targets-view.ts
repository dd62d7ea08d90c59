import type { TreeItem } from 'vscode';
import { workspacePath } from '../projects';
import { NodeTree } from './node-tree';
import { targetNodes, type TargetNode } from './target-nodes';

/** The targets that manifests name: release, server, backups and a run that was interrupted. */
export class TargetsView extends NodeTree<TargetNode> {
  protected async roots(): Promise<TargetNode[]> {
    const all = await this.projects.list();
    const { activity } = this.runs;
    return targetNodes(
      all.flatMap(({ manifest, system, targets }) =>
        targets.map((target) => ({
          manifest: manifest.toString(),
          system: system ?? workspacePath(manifest),
          ...target,
          state: this.states.get(manifest.fsPath, target.name),
          activity: activity?.goal.manifest === manifest.fsPath && activity.goal.target === target.name ? activity : undefined,
        })),
      ),
    );
  }

  protected isOpen({ context }: TargetNode): boolean {
    return context === 'target';
  }

  override getTreeItem(node: TargetNode): TreeItem {
    const item = super.getTreeItem(node);
    item.id = node.id;
    item.tooltip = node.tooltip ?? `${node.label}: ${node.description}`;
    return item;
  }
}
