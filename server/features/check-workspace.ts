import type { CheckWorkspaceResult } from '#protocol';
import { ProblemError } from '#engine/core/problem';
import type { Analysis } from '#engine/operations/checking';
import type { ProjectEntry } from '../project-entry';
import type { Workspace } from '../workspace';

const oftenEnough = 10;

/**
 * Reads and checks every project anew, every rollback rehearsed.
 * @param showsSettled whether findings in settled migrations count
 */
export async function checkWorkspace(workspace: Workspace, showsSettled: () => boolean): Promise<CheckWorkspaceResult> {
  workspace.reset();
  let files = 0;
  const counts = { error: 0, warning: 0, other: 0 };
  for (const entry of await workspace.entries()) {
    const project = await entry.project();
    if (!project.ok) continue;
    files += project.value.ownedFiles.size;
    for (const { settled, severity } of (await completeAnalysis(entry)).findings) {
      if (settled && !showsSettled()) continue;
      counts[severity === 'error' || severity === 'warning' ? severity : 'other']++;
    }
  }
  return { files, errors: counts.error, warnings: counts.warning, others: counts.other };
}

/** The analysis of a project with every rollback rehearsed, begun again when a change overtakes it. */
async function completeAnalysis(entry: ProjectEntry): Promise<Analysis> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await entry.completeAnalysis();
    } catch (error) {
      if (attempt === oftenEnough || !(error instanceof ProblemError) || error.problem.code !== 'cancelled') throw error;
    }
  }
}
