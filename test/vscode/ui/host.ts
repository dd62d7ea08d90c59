import type { Page } from 'playwright-core';
import { Workbench } from './workbench';

/** An open VS Code on a fresh copy of the fixture. */
export interface Session {
  readonly page: Page;
  /** Absolute path of the copy that is open. */
  readonly folder: string;
  readonly log: () => string;
  readonly close: () => Promise<void>;
}

export interface OpenOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** False: Restricted Mode. */
  readonly trust?: boolean;
}

/** What the script that runs these tests hands in. */
export interface UiHost {
  readonly open: (options?: OpenOptions) => Promise<Session>;
  /** Absolute path of the folder for screenshots. */
  readonly screenshots: string;
  /** Only tests whose name contains it. */
  readonly filter?: string;
}

let host: UiHost | undefined;

export function useHost(given: UiHost): void {
  host = given;
}

/** Opens VS Code on a fresh copy of the fixture for one piece of work, and closes it whatever happens. A failure leaves a screenshot. */
export async function inWorkbench(work: (workbench: Workbench) => Promise<void>, options?: OpenOptions): Promise<void> {
  if (!host) throw new Error('No host was given.');
  const session = await host.open(options);
  const workbench = new Workbench(session, host.screenshots);
  try {
    await work(workbench);
  } catch (error) {
    const said = await workbench.notifications().catch(() => []);
    await workbench.screenshot(`failed-${Date.now()}`).catch(() => undefined);
    if (error instanceof Error) error.stack = `${error.stack}\nNotifications: ${said.join('\n') || 'none'}`;
    throw error;
  } finally {
    await session.close();
  }
}
