import type { Page } from 'playwright-core';
import { Workbench } from './workbench';

/** An open VS Code. */
export interface Session {
  /** The window that is open now. */
  readonly page: () => Page;
  /** Absolute path of the folder that was opened first. */
  readonly folder: string;
  /** Writes files into a new folder, opens it in place of the one that is open, and returns its absolute path. */
  readonly openFolder: (name: string, files: Files) => Promise<string>;
  readonly log: () => string;
  readonly close: () => Promise<void>;
}

/** Texts by path in a folder. */
export type Files = Readonly<Record<string, string>>;

export interface OpenOptions {
  /** What the folder holds. Default: a copy of the fixture. */
  readonly files?: Files;
  /** True: the folder is a copy of the example with a migration in the making. A text: a folder of the checkout with another release in the making. */
  readonly example?: true | string;
  /** The release to which the target `local` of the example is upgraded beforehand. */
  readonly release?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Size in CSS pixels, and how many pixels of the screen are one of them. */
  readonly window?: { readonly width: number; readonly height: number; readonly scale: number };
  /** False: Restricted Mode. */
  readonly trust?: boolean;
}

/** What the script that runs these tests hands in. */
export interface UiHost {
  readonly open: (options?: OpenOptions) => Promise<Session>;
  /** Absolute path of the checkout. */
  readonly root: string;
  /** Absolute path of the folder for screenshots. */
  readonly screenshots: string;
  /** Only tests whose name contains it. */
  readonly filter?: string;
}

let host: UiHost | undefined;

export function useHost(given: UiHost): void {
  host = given;
}

/** Opens VS Code for one piece of work, and closes it whatever happens. A failure leaves a screenshot. */
export async function inWorkbench(work: (workbench: Workbench) => Promise<void>, options?: OpenOptions): Promise<void> {
  const { open, screenshots } = given();
  const session = await open(options);
  try {
    await attempt(new Workbench(session.page, session.folder, screenshots), work);
  } finally {
    await session.close();
  }
}

let shared: Session | undefined;

/** Opens a new folder with these files in a VS Code that such tests share, because each start takes long. */
export async function inFolder(name: string, files: Files, work: (workbench: Workbench) => Promise<void>): Promise<void> {
  const { open, screenshots } = given();
  const folder = shared ? await shared.openFolder(name, files) : undefined;
  shared ??= await open({ files });
  await attempt(new Workbench(shared.page, folder ?? shared.folder, screenshots), work);
}

export async function closeShared(): Promise<void> {
  await shared?.close();
  shared = undefined;
}

async function attempt(workbench: Workbench, work: (workbench: Workbench) => Promise<void>): Promise<void> {
  try {
    await work(workbench);
  } catch (error) {
    await workbench.screenshot(`failed-${Date.now()}`).catch(() => undefined);
    const said = await workbench.notifications().catch(() => []);
    if (error instanceof Error) error.stack = `${error.stack}\nNotifications: ${said.join('\n') || 'none'}`;
    throw error;
  }
}

/** What the script that runs this has handed in. */
export function given(): UiHost {
  if (!host) throw new Error('No host was given.');
  return host;
}
