import { EventEmitter, l10n, ProgressLocation, window, type Disposable, type LogOutputChannel } from 'vscode';
import { isPlan, isRunReport, type CliOutcome } from './outcome';
import type { Plan, RunReport, TargetStatus } from '#engine/running/plan';
import { contextKeys, setContextKey } from '../context-keys';
import type { PlanDocuments } from '../plan-document';
import { confirmSetting } from '../settings';
import type { RunActivity } from './activity';
import { planArguments, runArguments, type Goal } from './command-line';
import type { CommandLine } from './command-line-process';
import { modalConfirmation, needsConfirmation, type Confirmation } from './confirm';
import { saveProject } from './save-first';
import { showFailure } from './failure-message';
import { planTitle, releaseName } from './plan-text';
import { progressMessage, progressPercent } from './progress-message';

/** How a request ended: what the run did, or why there was none. */
export type RunEnd =
  | { readonly ended: 'done' | 'failed'; readonly outcome: CliOutcome<RunReport>; readonly plan: Plan }
  | { readonly ended: 'not-planned' }
  | { readonly ended: 'nothing-to-do' | 'declined' | 'plan-shown' | 'busy'; readonly plan?: Plan };

/** Plans, confirms and runs upgrades and rollbacks. One at a time. */
export class UpgradeRuns implements Disposable {
  /** Replaced by tests of the extension. */
  confirmation: Confirmation = modalConfirmation;
  readonly #activityChanged = new EventEmitter<RunActivity | undefined>();
  readonly onDidChangeActivity = this.#activityChanged.event;
  readonly #stepChanged = new EventEmitter<void>();
  /** A run has started, is at its next step, or has ended. */
  readonly onDidChangeStep = this.#stepChanged.event;
  readonly #targetChanged = new EventEmitter<{ readonly goal: Goal; readonly status: TargetStatus | undefined }>();
  /** A run has ended, well or badly. Without a status of the run's own, the target's state has to be read again. */
  readonly onDidRun = this.#targetChanged.event;
  #running = false;
  #activity: RunActivity | undefined;

  constructor(
    private readonly commandLine: CommandLine,
    private readonly documents: PlanDocuments,
    private readonly log: LogOutputChannel,
  ) {}

  /**
   * Plans, and shows the failure when there is no plan. `again` is what a person's answer to the failure leads to, with a goal
   * that accepts the risk they named.
   */
  async plan(goal: Goal, again: (goal: Goal) => Promise<unknown>): Promise<Plan | undefined> {
    await saveProject(goal.manifest);
    const outcome = await window.withProgress({ location: ProgressLocation.Window, title: l10n.t('Planning for {0}', goal.target) }, () =>
      this.commandLine.call({ manifest: goal.manifest, arguments: planArguments(goal), isValue: isPlan }),
    );
    if (outcome.ok) return outcome.value;
    const acceptRisk = (risk: string): Promise<unknown> => again({ ...goal, accept: [...(goal.accept ?? []), risk] });
    void showFailure({ outcome, log: this.log, acceptRisk });
    return undefined;
  }

  /** Plans, asks and runs. `fromPalette`: success is announced, because nothing else on screen may show it. */
  async planAndRun(goal: Goal, { fromPalette }: { readonly fromPalette: boolean }): Promise<RunEnd> {
    const plan = await this.plan(goal, (changed) => this.planAndRun(changed, { fromPalette }));
    return plan ? this.confirmAndRun(goal, plan, { fromPalette }) : { ended: 'not-planned' };
  }

  /** Asks about a plan and runs exactly this plan; when it became stale meanwhile the command line refuses it. */
  async confirmAndRun(goal: Goal, plan: Plan, { fromPalette }: { readonly fromPalette: boolean }): Promise<RunEnd> {
    if (plan.steps.length === 0) {
      window.setStatusBarMessage(l10n.t('Nothing to do: {0} is at {1}.', plan.target, releaseName(plan.to)), 5000);
      return { ended: 'nothing-to-do', plan };
    }
    if (this.#running) {
      void window.showWarningMessage(l10n.t('Another run is in progress. Wait for it or cancel it first.'));
      return { ended: 'busy', plan };
    }
    if (needsConfirmation(plan, confirmSetting())) {
      const answer = await this.confirmation.ask(plan);
      if (answer === 'show-plan') await this.documents.showPlan(goal, plan);
      if (answer !== 'run') return { ended: answer === 'show-plan' ? 'plan-shown' : 'declined', plan };
    }
    return this.#run(goal, plan, fromPalette);
  }

  /** What the run that is in progress does; undefined if there is none. */
  get activity(): RunActivity | undefined {
    return this.#activity;
  }

  dispose(): void {
    this.#stepChanged.dispose();
    this.#activityChanged.dispose();
    this.#targetChanged.dispose();
  }

  async #run(goal: Goal, plan: Plan, fromPalette: boolean): Promise<RunEnd> {
    this.#running = true;
    await setContextKey(contextKeys.running, true);
    this.#setActivity({ goal });
    let outcome: CliOutcome<RunReport> | undefined;
    try {
      outcome = await this.#runWithProgress(goal, plan);
    } finally {
      this.#running = false;
      await setContextKey(contextKeys.running, false);
      this.#setActivity(undefined);
      this.#targetChanged.fire({ goal, status: outcome?.status });
    }
    // Not awaited: a notification stays until a person closes it, the command does not have to.
    if (outcome.ok) void this.#announce(plan, outcome.value, fromPalette);
    else void showFailure({ outcome, plan, log: this.log, planAgain: () => this.planAndRun(goal, { fromPalette }) });
    return { ended: outcome.ok ? 'done' : 'failed', outcome, plan };
  }

  #setActivity(activity: RunActivity | undefined): void {
    const isSameStep = activity?.goal === this.#activity?.goal && activity?.step?.step === this.#activity?.step?.step;
    this.#activity = activity;
    this.#activityChanged.fire(activity);
    if (!isSameStep) this.#stepChanged.fire();
  }

  async #runWithProgress(goal: Goal, plan: Plan): Promise<CliOutcome<RunReport>> {
    const title = planTitle(plan);
    return window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
      const abort = new AbortController();
      const cancellation = token.onCancellationRequested(() => {
        progress.report({ message: l10n.t('stopping after the current step') });
        abort.abort();
      });
      let percent = 0;
      try {
        return await this.commandLine.call({
          manifest: goal.manifest,
          arguments: runArguments(goal, plan.id),
          isValue: isRunReport,
          signal: abort.signal,
          onEvent: (event) => {
            if (event.event !== 'progress') return;
            const now = Math.max(percent, progressPercent(event));
            if (!abort.signal.aborted) progress.report({ message: progressMessage(event), increment: now - percent });
            percent = now;
            this.#setActivity({ goal, step: event });
          },
        });
      } finally {
        cancellation.dispose();
      }
    });
  }

  async #announce(plan: Plan, report: RunReport, fromPalette: boolean): Promise<void> {
    const message = l10n.t('{0} is at {1}.', plan.target, releaseName(report.release));
    this.log.info(message);
    if (!fromPalette) {
      window.setStatusBarMessage(`$(check) ${message}`, 8000);
      return;
    }
    const show = l10n.t('Show Report');
    if ((await window.showInformationMessage(message, show)) === show) await this.documents.showReport(report);
  }
}
