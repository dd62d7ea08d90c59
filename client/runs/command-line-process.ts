import { Uri, window, l10n, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { dirname } from 'node:path';
import type { RunEvent } from '#engine/running/plan';
import { outcomeOfProcess, type CliOutcome } from './outcome';
import { runProcess } from './run-process';
import type { Secrets } from './secrets';

export interface CallOptions<T> {
  /** The file or folder that the call is about, absolute: secrets are looked up by it and its folder is the working folder. */
  readonly manifest: string;
  readonly arguments: readonly string[];
  readonly isValue: (value: unknown) => value is T;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** Calls the bundled command line and logs what it says. */
export class CommandLine {
  constructor(
    private readonly context: ExtensionContext,
    private readonly secrets: Secrets,
    private readonly log: LogOutputChannel,
  ) {}

  /** A missing environment variable is asked for, and the call repeated once per variable. */
  async call<T>(options: CallOptions<T>): Promise<CliOutcome<T>> {
    for (;;) {
      const outcome = await this.#callOnce(options);
      if (outcome.ok || outcome.report || options.signal?.aborted) return outcome;
      if (!(await this.secrets.offerToEnter(options.manifest, outcome.problem))) return outcome;
    }
  }

  async #callOnce<T>(options: CallOptions<T>): Promise<CliOutcome<T>> {
    const secrets = await this.secrets.environment(options.manifest);
    this.log.info(`> mem8-upgrade ${options.arguments.join(' ')}`);
    const end = await runProcess({
      script: Uri.joinPath(this.context.extensionUri, 'dist', 'cli.js').fsPath,
      arguments: options.arguments,
      folder: dirname(options.manifest),
      secrets,
      signal: options.signal,
      onSlowStop: (endNow) => void warnOfSlowStop(endNow),
      onEvent: (event) => {
        if (event.event === 'log') this.log[event.level](event.message);
        options.onEvent?.(event);
      },
      onErrorLine: (line) => this.log.info(line),
    });
    const outcome = outcomeOfProcess(end, options.isValue);
    if (!outcome.ok) this.#logProblem(outcome);
    return outcome;
  }

  #logProblem({ problem }: Extract<CliOutcome<unknown>, { ok: false }>): void {
    const place = problem.file === undefined ? '' : ` (${problem.file}${problem.line === undefined ? '' : `:${problem.line}`})`;
    const cause = problem.cause === undefined ? '' : `\n  ${problem.cause.replaceAll('\n', '\n  ')}`;
    this.log.error(`${problem.code}: ${problem.message}${place}${cause}\n  ${problem.remedy}`);
  }
}

async function warnOfSlowStop(endNow: () => void): Promise<void> {
  const end = l10n.t('End Process');
  const choice = await window.showWarningMessage(
    l10n.t(
      'The run has not stopped yet; it is waiting for its current step. If you end the process, the state of that step is unknown until the next run checks it.',
    ),
    l10n.t('Keep Waiting'),
    end,
  );
  if (choice === end) endNow();
}
