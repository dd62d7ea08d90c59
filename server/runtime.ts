import type { Clock, Files, Logger, RunGit } from '#engine/core/host';
import type { Shadow } from '#engine/databases/observation';

/** What the language server needs of the process that runs it. Tests hand in their own. */
export interface Runtime {
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Undefined: no migration is settled by a repository. */
  readonly git?: RunGit | undefined;
  /** Starts a shadow database; called once, when the first findings are wanted, and again after `dispose`. */
  startShadow(): Promise<Shadow>;
  /** Folder with the documentation pages of the checks, for links from findings; undefined when not shipped. */
  readonly documentation: string | undefined;
}
