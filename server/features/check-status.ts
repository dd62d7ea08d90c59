import type { CheckStatus } from '#protocol';
import type { ProjectEntry } from '../project-entry';

/** How far checking is and what it found, of all projects together; asks for nothing that is not known yet. */
export function checkStatus(entries: readonly Pick<ProjectEntry, 'latest' | 'progress' | 'isBeginning'>[]): CheckStatus {
  const counts = { migrations: 0, errors: 0, warnings: 0, others: 0 };
  const settled = { migrations: 0, by: new Set<string>(), findings: 0 };
  const progress = { done: 0, total: 0 };
  let isBeginning = false;
  for (const entry of entries) {
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
  return { ...counts, progress: progress.total > 0 || isBeginning ? progress : undefined, settled: { ...settled, by: [...settled.by] } };
}
