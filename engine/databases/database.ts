import type { Dialect } from '../core/dialects';
import type { Clock, Logger } from '../core/host';
import type { Outcome } from '../core/problem';
import type { Replacement } from '../core/replacement';
import type { MigrationDirectory } from '../core/scripts';
import type { BackupStore, BackupStoreOptions } from './backup-store';
import type { Execution } from './execution';
import type { Described, Drifted } from './fact';
import type { Shadow, ShadowLimits } from './observation';
import type { RowTransforms } from './row-changes';
import type { RowRecord } from './row-record';
import type { CapturedState, SchemaState } from './schema-state';
import type { ParsedStatement } from './statement';
import type { Target, TargetConfiguration, TargetHost, TargetSession } from './target';

/**
 * A database product, as everything outside its folder knows it. One facet for each thing that is asked of it, so that a product
 * shows what it can do piece by piece. `Tree` is a node of the product's own parse tree: nothing else looks into one.
 */
export interface Database<Tree = unknown> {
  readonly dialect: Dialect;
  readonly language: Language<Tree>;
  readonly replay: Replay;
  readonly connecting: Connecting;
  readonly execution: Execution;
  readonly transforms: RowTransforms;
  readonly catalogue: Catalogue;
  readonly backups: BackupStores;
}

/** The product's SQL, as far as its text and its syntax tell. */
export interface Language<Tree = unknown> {
  /** Loads the parser. To be awaited once before any other method; further calls cost nothing. */
  load(): Promise<void>;
  /** Parses each statement on its own, with the values in it that the script's tool puts in. Offsets are those of `sql`. */
  parse(script: ScriptText): ParsedStatement<Tree>[];
  /** The statements inside one that are run with it, as those of a DO block. */
  innerStatements(statement: ParsedStatement<Tree>): readonly ParsedStatement<Tree>[];
  /** True for a statement that does nothing but insert rows. */
  insertsRows(statement: ParsedStatement<Tree>): boolean;
  /** True when the statements may change what tables and views offer. */
  changesSchema(statements: readonly ParsedStatement<Tree>[]): boolean;
  /**
   * The directory with those scripts outside a transaction that are evidently meant for that, where nothing tells which tool runs
   * them: they hold a statement that the server refuses in one.
   */
  withEvidentTransactions(directory: MigrationDirectory): MigrationDirectory;
}

export interface ScriptText {
  readonly sql: string;
  readonly replacements?: readonly Replacement[] | undefined;
}

/** The embedded server in which migrations are tried. */
export interface Replay {
  /** @throws ProblemError `shadow-unavailable` when the embedded server does not open */
  open(options: ReplayOptions): Promise<Shadow>;
}

export interface ReplayOptions {
  /** Absolute path of the bundled worker of the embedded server. */
  readonly worker: string;
  /** Absolute path of the embedded server's asset folder. */
  readonly assets: string;
  readonly limits?: Partial<ShadowLimits>;
  readonly logger?: Logger;
  /** True when chains are replayed once and not edited, as on a command line: fewer copies are kept to come back to. */
  readonly once?: boolean;
  /** Absolute path of a folder that keeps results for the next start of the program; without one they end with it. */
  readonly cache?: string | undefined;
}

/** What the schema of a target is, and how it differs from one on record. */
export interface Catalogue {
  /**
   * The schema as it is now, without the journal and without rows.
   * @throws DatabaseFailure when the catalog may not be read, ProblemError when the connection is lost
   */
  readSchema(session: TargetSession): Promise<SchemaState>;
  /** Undefined where another version of the program recorded one of them, so that they say nothing about each other. */
  differences(expected: SchemaState, actual: SchemaState): readonly Described[] | undefined;
  /** As `differences`, without what changes on a running target while no migration runs: partitions, statistics, versions of extensions. */
  drift(expected: SchemaState, actual: SchemaState): readonly Drifted[] | undefined;
  /** Names the first `most` differences in a sentence, without the full stop. */
  describe(differences: readonly Described[], most: number): string;
  /**
   * The whole state as of one moment: in a transaction of its own, or inside the one that is open, which is left as it was. Rows are
   * hashed in the server.
   * @throws DatabaseFailure when a table may not be read, ProblemError when the connection is lost
   */
  captureState(session: TargetSession): Promise<CapturedState>;
  /**
   * The rows of every table, up to a limit of rows and time. A table that cannot be read is listed as such. Call it outside a transaction.
   * @throws as `readSchema`
   */
  readRows(session: TargetSession, clock: Clock): Promise<RowRecord>;
  /** False for fingerprints of schemas that another version of the program made of other facts: they say nothing about each other. */
  areComparable(one: string, other: string): boolean;
  /** What a copy of a state brings back, an object each with its definition as a text to compare. */
  copiedFacts(state: CapturedState, exactness: Exactness): ReadonlyMap<string, string>;
  /** Indexes that a dump of the state leaves out. */
  leftOutOfDump(state: CapturedState): readonly string[];
}

/** How a copy was made decides how exactly it must agree. */
export type Exactness =
  /** A copy of the files: every fact, row and sequence. */
  | 'exact'
  /** Printed and read back: the same meaning of every definition, every row; sequences, which no snapshot holds, may have moved on. */
  | 'dump';

/** The targets of the product. */
export interface Connecting {
  /**
   * Makes the target that a manifest describes; connects to nothing yet.
   * @param name its name in the manifest
   * @returns `environment-variable-missing` or `manifest-invalid` when its address cannot be made
   */
  createTarget(name: string, configuration: TargetConfiguration, host: TargetHost): Outcome<Target>;
}

export interface BackupStores {
  /** How the state of a target that `createTarget` made is copied and put back. */
  storeOf(target: Target, options?: BackupStoreOptions): BackupStore;
}
