import type { LogOutputChannel } from 'vscode';
import type { PlanDocuments } from './plan-document';
import type { Projects } from './projects';
import type { CommandLine } from './runs/command-line-process';
import type { Secrets } from './runs/secrets';
import type { UpgradeRuns } from './runs/upgrade-runs';
import type { Server } from './language-server';
import type { TargetStates } from './target-states';

/** What commands and views work with; made once by `activate`. */
export interface Services {
  readonly log: LogOutputChannel;
  readonly server: Server;
  readonly projects: Projects;
  readonly states: TargetStates;
  readonly commandLine: CommandLine;
  readonly secrets: Secrets;
  readonly documents: PlanDocuments;
  readonly runs: UpgradeRuns;
}
