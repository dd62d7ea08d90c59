import type { Clock, Files, Logger } from '../core/host';

/** What the operations of the engine need of their host. */
export interface EngineHost {
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Environment variables, for "${env:NAME}" in the manifest. Values never reach a log. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the assets of the embedded database (`dist/pglite`). */
  readonly assets: string;
  /** The Node.js version that `requires: { node }` is held against, e.g. `20.11.0`. */
  readonly nodeVersion: string;
  /** Who runs, for the lock and the journal, e.g. `mem8-upgrade 0.1.0 on build-7, process 4242`. */
  readonly holder: string;
  /** Called at each transition of the journal; tests end the process here. */
  readonly faultPoint?: (name: string) => Promise<void>;
}
