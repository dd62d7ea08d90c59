import { workspace } from 'vscode';
import { usualTarget } from '../projects';
import type { Services } from '../services';

/** Asks for the projects again and reads the usual, unprotected target of each. */
export async function refreshView({ projects, states }: Services): Promise<void> {
  projects.refresh();
  const all = await projects.list();
  if (!workspace.isTrusted) return;
  for (const project of all) {
    const target = usualTarget(project);
    if (target && !target.protected && project.manifest.scheme === 'file') await states.refresh(project.manifest.fsPath, target.name);
  }
}
