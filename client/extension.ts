import { ExtensionMode, window, workspace, type ExtensionContext } from 'vscode';
import type { TargetStatus } from '#engine/running/plan';
import type { TestApi } from './api';
import { registerCommands } from './commands/register';
import { PlanDocuments } from './plan-document';
import { Projects } from './projects';
import { type Goal, statusArguments } from './runs/command-line';
import { CommandLine } from './runs/command-line-process';
import { isTargetStatus } from './runs/outcome';
import { Secrets } from './runs/secrets';
import { UpgradeRuns } from './runs/upgrade-runs';
import { Server } from './language-server';
import type { Services } from './services';
import { offerManifest } from './offer-manifest';
import { offerLenses } from './offered-lenses';
import { settleByTargets } from './settled-targets';
import { CheckStatusBar } from './status/check-status-bar';
import { startWhenUseful } from './start';
import { createLanguageStatus } from './status/language-status';
import { StatusBar } from './status/status-bar';
import { TargetStates } from './target-states';
import { registerViews } from './views/register';

let server: Server | undefined;

/** Puts the parts together and returns at once; the language server starts when there is something for it. */
export function activate(context: ExtensionContext): TestApi | undefined {
  const start = performance.now();
  const log = window.createOutputChannel('Mem8 Upgrade', { log: true });
  server = new Server(context, log);
  const projects = new Projects(server, log);
  const secrets = new Secrets(context);
  const commandLine = new CommandLine(context, secrets, log);
  const documents = new PlanDocuments();
  const runs = new UpgradeRuns(commandLine, documents, log);
  const states = new TargetStates((manifest, target) =>
    commandLine.call({ manifest, arguments: statusArguments(manifest, target), isValue: isTargetStatus }),
  );
  const services: Services = { log, server, projects, states, commandLine, secrets, documents, runs };

  const statusBar = new StatusBar(services);
  context.subscriptions.push(
    log,
    server,
    projects,
    documents,
    runs,
    states,
    statusBar,
    new CheckStatusBar(server),
    offerManifest(context, projects),
    settleByTargets(projects, states, server),
    offerLenses(projects, states, server),
    createLanguageStatus(server),
    registerViews(services),
    registerCommands(services),
    runs.onDidRun(({ goal, status }) => void afterRun(services, goal, status)),
    workspace.onDidGrantWorkspaceTrust(() => projects.refresh()),
    startWhenUseful(services),
  );

  if (context.extensionMode !== ExtensionMode.Test) return undefined;
  const activationMs = performance.now() - start;
  return {
    setConfirmation: (confirmation) => (runs.confirmation = confirmation),
    statusBarText: () => statusBar.text,
    targetStatus: (manifest, target) => states.get(manifest, target)?.status,
    activationMs,
  };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

async function afterRun(
  { server: running, states }: Services,
  { manifest, target }: Goal,
  status: TargetStatus | undefined,
): Promise<void> {
  if (status) states.take(manifest, target, status);
  else await states.refresh(manifest, target);
  await running.targetChanged();
}
