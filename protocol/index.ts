/**
 * The custom requests and notifications between client and server; documented in docs/protocol.md.
 * Only plain data and method names: client and server pin different versions of the LSP packages, so nothing of those is shared.
 */

export const languageIds = { manifest: 'mem8-upgrade-manifest' } as const;

/** Commands that the server's code lenses name and the client registers. Every argument list has one object. */
export const commands = {
  planUpgrade: 'mem8Upgrade.planUpgrade',
  runUpgrade: 'mem8Upgrade.runUpgrade',
  rollBack: 'mem8Upgrade.rollBack',
  runMigration: 'mem8Upgrade.runMigration',
  rollBackMigration: 'mem8Upgrade.rollBackMigration',
  checkWorkspace: 'mem8Upgrade.checkWorkspace',
  showStatus: 'mem8Upgrade.showStatus',
  showCheck: 'mem8Upgrade.showCheck',
} as const;

/** The argument of the commands above, as lenses send it; the palette sends none and the client asks. */
export interface CommandTarget {
  /** File URI of the manifest. */
  readonly manifest: string;
  /** Release to go to (run, plan) or back to (roll back). */
  readonly release?: string;
  readonly migration?: string;
}

/** The argument of `showCheck`, which opens the documentation of a check. Offered only to clients that start with `showsChecks`. */
export interface CheckPage {
  /** File URI of the page, in Markdown. */
  readonly page: string;
}

/** What the server knows of one upgrade project in the workspace. */
export interface ProjectInfo {
  /** File URI of the manifest; undefined for a migrations directory without one. */
  readonly manifest?: string;
  readonly directory?: string;
  readonly layout?: string;
  readonly system?: string;
  readonly releases: readonly { readonly version: string; readonly migrations: readonly string[] }[];
  readonly migrations: number;
  /** The migration that runs last: its id, and the file URI of its script. */
  readonly newest?: { readonly id: string; readonly script: string };
  readonly targets: readonly {
    readonly name: string;
    readonly driver: string;
    readonly protected: boolean;
    /** File URI of the folder of an embedded database, which need not be there yet. */
    readonly folder?: string;
  }[];
}

/** Request, client to server: the upgrade projects of the workspace. */
export const projectsRequest = 'mem8Upgrade/projects';
export type ProjectsResult = readonly ProjectInfo[];

/** Request, client to server: checks everything and answers when all findings are published. */
export const checkWorkspaceRequest = 'mem8Upgrade/checkWorkspace';
export interface CheckWorkspaceResult {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  readonly others: number;
}

/** Notification, server to client: how far checking is and what it found, over all projects of the workspace. */
export const checkStatusNotification = 'mem8Upgrade/checkStatus';
export interface CheckStatus {
  /** Set while migrations are replayed; `total` is 0 until it is known. */
  readonly progress?: { readonly done: number; readonly total: number };
  readonly migrations: number;
  readonly errors: number;
  readonly warnings: number;
  readonly others: number;
  readonly settled: {
    readonly migrations: number;
    /** What settles them, for people: `origin/main`. */
    readonly by: readonly string[];
    /** Findings in them, whether they are shown or not. */
    readonly findings: number;
  };
}

/** Notification, client to server: whether findings in settled migrations are reported like others. */
export const showSettledNotification = 'mem8Upgrade/showSettled';
export interface ShowSettled {
  readonly show: boolean;
}

/** Notification, client to server: the migrations that a target was seen to have, which settles them. */
export const appliedNotification = 'mem8Upgrade/applied';
export interface Applied {
  /** File URI of the manifest. */
  readonly manifest: string;
  readonly target: string;
  readonly migrations: readonly string[];
}

/** Notification, client to server: a run changed a target, so lenses and states may be stale. */
export const targetChangedNotification = 'mem8Upgrade/targetChanged';

/** Notification, server to client: the state of the embedded database, for the language status item. */
export const shadowStatusNotification = 'mem8Upgrade/shadowStatus';
export interface ShadowStatus {
  readonly state: 'starting' | 'busy' | 'ready' | 'failed' | 'off';
  readonly message: string;
}
