import {
  CodeLens,
  EventEmitter,
  languages,
  l10n,
  Position,
  Range,
  Uri,
  window,
  workspace,
  type CodeLensProvider,
  type Disposable,
  type TextDocument,
  type TextDocumentContentProvider,
} from 'vscode';
import type { Plan, RunReport } from '#engine/running/plan';
import type { Goal } from './runs/command-line';
import { planMarkdown, reportMarkdown } from './runs/plan-text';

const planScheme = 'mem8-upgrade-plan';
export const runPlanCommand = 'mem8Upgrade.runPlan';

const keptDocuments = 50;

interface Shown {
  readonly text: string;
  readonly run?: { readonly goal: Goal; readonly plan: Plan };
}

/** Plans and reports as read-only documents. A plan carries a lens that runs exactly this plan. */
export class PlanDocuments implements TextDocumentContentProvider, CodeLensProvider, Disposable {
  readonly #shown = new Map<string, Shown>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #registrations = [
    workspace.registerTextDocumentContentProvider(planScheme, this),
    languages.registerCodeLensProvider({ scheme: planScheme }, this),
    this.#changed,
  ];
  readonly onDidChange = this.#changed.event;

  async showPlan(goal: Goal, plan: Plan): Promise<Uri> {
    const word = plan.direction === 'upgrade' ? 'upgrade' : 'rollback';
    const name = `${word}-${plan.system}-${plan.target}-${plan.to ?? 'empty'}-${shortId(plan.id)}.md`;
    return this.#show(name, { text: planMarkdown(plan), run: { goal, plan } });
  }

  async showReport(report: RunReport): Promise<Uri> {
    return this.#show(`report-${shortId(report.run)}.md`, { text: reportMarkdown(report) });
  }

  /** The plan that a document shows. */
  planOf(uri: Uri): { readonly goal: Goal; readonly plan: Plan } | undefined {
    return this.#shown.get(uri.path)?.run;
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#shown.get(uri.path)?.text ?? l10n.t('This plan is no longer available. Plan again to get a new one.');
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    const run = this.planOf(document.uri);
    if (!run || run.plan.steps.length === 0) return [];
    // VS Code drops an ordinary space between an icon and the text of a lens.
    const title =
      run.plan.direction === 'upgrade'
        ? `$(play)\u00a0${l10n.t('Run this plan...')}`
        : `$(discard)\u00a0${l10n.t('Roll back by this plan...')}`;
    const start = new Position(0, 0);
    return [new CodeLens(new Range(start, start), { title, command: runPlanCommand, arguments: [document.uri] })];
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
  }

  async #show(name: string, shown: Shown): Promise<Uri> {
    const uri = Uri.from({ scheme: planScheme, path: `/${name}` });
    this.#shown.delete(uri.path);
    this.#shown.set(uri.path, shown);
    for (const path of [...this.#shown.keys()].slice(0, -keptDocuments)) this.#shown.delete(path);
    this.#changed.fire(uri);
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { preview: true });
    return uri;
  }
}

function shortId(id: string): string {
  return id
    .replace(/^sha256:/, '')
    .replaceAll(/[^\w-]/g, '')
    .slice(0, 12);
}
