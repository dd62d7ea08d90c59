import { l10n, Uri, window } from 'vscode';
import type { RunEnd } from '../runs/upgrade-runs';
import type { Services } from '../services';
import { mayRun } from './trust';

/** Runs exactly the plan that a document shows. */
export async function runPlan({ documents, runs }: Services, value: unknown): Promise<RunEnd | undefined> {
  const uri = value instanceof Uri ? value : window.activeTextEditor?.document.uri;
  const shown = uri && documents.planOf(uri);
  if (!shown) {
    void window.showErrorMessage(l10n.t('Open a plan first.'));
    return undefined;
  }
  if (!(await mayRun(undefined))) return undefined;
  return runs.confirmAndRun(shown.goal, shown.plan, { fromPalette: false });
}
