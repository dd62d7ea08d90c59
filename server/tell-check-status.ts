import { checkStatusNotification } from '#protocol';
import type { Connection } from 'vscode-languageserver';
import { checkStatus } from './features/check-status';
import type { Workspace } from './workspace';

/** Steps of work are told at most so often, milliseconds. */
const pauseMs = 150;

/** Tells the client how far checking is and what it found, whenever that changes. */
export function tellCheckStatus(connection: Connection, workspace: Workspace): void {
  let timer: NodeJS.Timeout | undefined;
  let told = '';
  const tell = async () => {
    timer = undefined;
    const status = checkStatus(workspace.known);
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
