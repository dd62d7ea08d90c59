import { type CheckStatus, checkStatusNotification } from '#protocol';
import type { Connection } from 'vscode-languageserver';
import type { Workspace } from '../workspace';

/** Steps of work are told at most so often, milliseconds. */
const pauseMs = 150;

/** Tells the client how far checking is and what it found. */
export function registerCheckStatus(connection: Connection, workspace: Workspace): void {
  let timer: NodeJS.Timeout | undefined;
  let told = '';
  const tell = async () => {
    timer = undefined;
    const status = await checkStatus(workspace);
    const text = JSON.stringify(status);
    if (text === told) return;
    told = text;
    await connection.sendNotification(checkStatusNotification, status);
  };
  const tellSoon = () => {
    timer ??= setTimeout(() => void tell().catch((error: unknown) => workspace.logger.error(String(error))), pauseMs);
  };
  workspace.onProgress(tellSoon);
  workspace.onAnalysed(tellSoon);
  connection.onExit(() => clearTimeout(timer));
}

/** What is known of all projects together; asks for nothing that is not known yet. */
export async function checkStatus(workspace: Pick<Workspace, 'known'>): Promise<CheckStatus> {
  const counts = { migrations: 0, errors: 0, warnings: 0, others: 0 };
  const settled = { migrations: 0, by: new Set<string>(), findings: 0 };
  const progress = { done: 0, total: 0 };
  let isBeginning = false;
  for (const entry of workspace.known) {
    const { latest, progress: step } = entry;
    isBeginning ||= entry.isBeginning;
    if (step) {
      progress.done += step.step;
      progress.total += step.steps;
    }
    if (!latest) continue;
    const { chain, settlement } = latest.context;
    counts.migrations += chain.length;
    settled.migrations += settlement.migrations.size;
    if (settlement.migrations.size > 0 && settlement.by !== undefined) settled.by.add(settlement.by);
    for (const finding of latest.findings) {
      if (finding.settled) settled.findings++;
      else counts[finding.severity === 'error' ? 'errors' : finding.severity === 'warning' ? 'warnings' : 'others']++;
    }
  }
  return { ...counts, ...(progress.total > 0 || isBeginning ? { progress } : {}), settled: { ...settled, by: [...settled.by] } };
}
