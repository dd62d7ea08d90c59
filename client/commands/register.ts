import { commands as registry, Disposable } from 'vscode';
import { commands as contract } from '#protocol';
import { runPlanCommand } from '../plan-document';
import type { Services } from '../services';
import { checkWorkspace } from './check-workspace';
import { createManifest } from './create-manifest';
import { forgetSecrets } from './forget-secrets';
import { planUpgrade } from './plan-upgrade';
import { refreshView } from './refresh-view';
import { restartServer } from './restart-server';
import { rollBack } from './roll-back';
import { rollBackMigration } from './roll-back-migration';
import { runMigration } from './run-migration';
import { runPlan } from './run-plan';
import { runUpgrade } from './run-upgrade';
import { hideSettled, showSettled } from './show-settled';
import { showStatus } from './show-status';
import { showCheck } from './show-check';

type Handler = (services: Services, value: unknown) => Promise<unknown>;

/** Every command by id; `package.json` contributes the same ones. */
const handlers: Readonly<Record<string, Handler>> = {
  [contract.planUpgrade]: planUpgrade,
  [contract.runUpgrade]: runUpgrade,
  [contract.rollBack]: rollBack,
  [contract.runMigration]: runMigration,
  [contract.rollBackMigration]: rollBackMigration,
  [contract.checkWorkspace]: checkWorkspace,
  [contract.showStatus]: showStatus,
  [contract.showCheck]: showCheck,
  [runPlanCommand]: runPlan,
  'mem8Upgrade.showSettled': showSettled,
  'mem8Upgrade.hideSettled': hideSettled,
  'mem8Upgrade.init': createManifest,
  'mem8Upgrade.refresh': refreshView,
  'mem8Upgrade.restartServer': restartServer,
  'mem8Upgrade.forgetSecrets': forgetSecrets,
  'mem8Upgrade.showLog': async ({ log }) => log.show(),
};

export function registerCommands(services: Services): Disposable {
  return Disposable.from(
    ...Object.entries(handlers).map(([id, handler]) => registry.registerCommand(id, (value: unknown) => handler(services, value))),
  );
}
