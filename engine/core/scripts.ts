import type { Replacement } from './replacement';
import type { TextRange } from './text';
import type { Dialect } from './dialects';

export const layoutNames = [
  'golang-migrate',
  'sqlx',
  'diesel',
  'goose',
  'dbmate',
  'flyway',
  'sqitch',
  'prisma',
  'atlas',
  'node-pg-migrate',
  'supabase',
  'hasura',
  'plain',
  'loose',
] as const;

/** Whose conventions a migrations directory follows. `plain`: numbered files; `loose`: files with no order between them. */
export type LayoutName = (typeof layoutNames)[number];

/**
 * How the tool that owns the layout runs a script.
 * `transaction`: `script` when it opens one around each script, `none` when it opens none.
 * `sends`: `whole` when the script goes to the server as one multi-statement message (which is an implicit transaction
 * unless the script has its own), `statements` when each statement is sent alone.
 */
export interface RunnerProfile {
  readonly transaction: 'script' | 'none';
  readonly sends: 'whole' | 'statements';
  /** The header or setting that turns the transaction off, as a user would write it; undefined where there is none. */
  readonly noTransaction?: string;
  /** True when an author can state both directions, so that a missing down is worth a finding. */
  readonly hasDowns: boolean;
  /** True where scripts go through psql, which has commands and variables of its own. */
  readonly psql?: true;
  /** True where the tool sends the rows that follow COPY ... FROM STDIN in a script. */
  readonly copiesRows?: true;
  /** The table in which the tool records what has run, which exists before the first script does. */
  readonly journal?: RunnerJournal;
  /** True where all pending migrations run in one transaction. */
  readonly pendingInOneTransaction?: boolean;
  /** True where the tool cuts scripts at every semicolon, inside strings and comments too. */
  readonly cutsAtSemicolons?: boolean;
  /** Schemas that the tool makes before the first script runs. */
  readonly schemas?: readonly string[];
  /** The search path of the tool's connection, as its settings or the project's say; undefined for the default of database and role. */
  readonly searchPath?: readonly string[] | undefined;
  /** True where the tool runs all pending migrations on one connection and leaves its settings alone between them. */
  readonly keepsSession?: boolean;
  /** The setting that ends the transaction in which the tool holds its lock while scripts run, where it holds one on a connection of its own. */
  readonly lockTransaction?: string;
}

export interface RunnerJournal {
  readonly table: string;
  /** The statements that make it. */
  readonly create: string;
  /**
   * Set when the tool names the table without its schema in the session in which the script ran; `or public` when it takes the
   * schema public where the search path is empty.
   */
  readonly foundBySearchPath?: true | 'or public';
}

export type Direction = 'up' | 'down' | 'verify';

/** One direction of a migration. */
export interface Script {
  /** Absolute path of the file that holds it; several scripts may share one. */
  readonly file: string;
  readonly direction: Direction;
  /** The whole file, byte-order mark removed, otherwise as stored (CRLF kept). */
  readonly text: string;
  /** The parts of `text` that belong to this direction, in order, not overlapping. */
  readonly sections: readonly TextRange[];
  /**
   * `text` with everything outside `sections` (and directives that are not SQL comments) blanked by spaces, line ends kept:
   * the same length, so an offset in it is an offset in the document. Where a directive ends a statement that has no
   * semicolon (goose's StatementEnd), the blanked directive begins with one.
   */
  readonly sql: string;
  /** The placeholders or variables in `sql` and what the tool puts in their place before it sends the script, in order. */
  readonly replacements?: readonly Replacement[];
  /** Whether the layout's tool opens a transaction around it, after headers and settings are applied. */
  readonly transaction: 'script' | 'none';
  /** Where the header that decided `transaction` stands, if one did. */
  readonly transactionHeader?: TextRange;
  /** How the script is sent, where that is not as the runner's profile says. */
  readonly sends?: RunnerProfile['sends'];
  /** True where nothing tells who runs the script, and its statements say that no transaction is meant to be around it. */
  readonly isMeantOutside?: true;
}

/** One script pair, or one repeatable script. */
export interface Migration {
  /** Unique in its directory and what a manifest refers to: the file or folder name without direction and extension. */
  readonly id: string;
  /** The part that orders it, as written: `0002`, `20240101120000`, `1.10`; empty for repeatable scripts and for sqitch. */
  readonly version: string;
  readonly name: string;
  readonly up: Script;
  readonly down: Script | undefined;
  readonly verify: Script | undefined;
  /** Runs again whenever its text changes, after all others (Flyway R). */
  readonly repeatable: boolean;
}

/** The scripts that a migration has: up, down, verify. */
export function scriptsOf({ up, down, verify }: Pick<Migration, 'up' | 'down' | 'verify'>): Script[] {
  return [up, down, verify].filter((script) => script !== undefined);
}

/** What is wrong with the directory itself; becomes a finding of the check with the same id. */
export interface LayoutProblem {
  readonly kind:
    | 'duplicate-version'
    | 'unreadable-script'
    | 'orphan-down'
    | 'bad-directive'
    | 'opaque-script'
    | 'unknown-file'
    | 'order'
    | 'checksum'
    | 'no-value'
    | 'byte-order-mark';
  readonly file: string;
  readonly range: TextRange;
  readonly message: string;
  readonly related?: readonly { readonly file: string; readonly range: TextRange; readonly message: string }[];
}

/** A migrations directory as it was read. */
export interface MigrationDirectory {
  readonly path: string;
  readonly layout: LayoutName;
  readonly runner: RunnerProfile;
  /** In the order in which the layout's tool runs them. */
  readonly migrations: readonly Migration[];
  readonly problems: readonly LayoutProblem[];
  /** Why this layout was chosen, one sentence for people. */
  readonly reason: string;
  /** The database that the scripts are for; those of others than PostgreSQL are neither replayed nor checked. */
  readonly dialect: Dialect;
  /** What says that the scripts are for another database, as in "because ..."; undefined for PostgreSQL, and where a setting says it. */
  readonly dialectReason?: string | undefined;
}
