import type { Dialect } from '../core/dialects';
import type { Logger } from '../core/host';
import type { Replacement } from '../core/replacement';
import type { MigrationDirectory } from '../core/scripts';
import type { Execution } from './execution';
import type { Described } from './fact';
import type { Shadow, ShadowLimits } from './observation';
import type { SchemaState } from './schema-state';
import type { ParsedStatement } from './statement';
import type { TargetSession } from './target';

/**
 * A database product, as everything outside its folder knows it. One facet for each thing that is asked of it, so that a product
 * shows what it can do piece by piece. `Tree` is a node of the product's own parse tree: nothing else looks into one.
 */
export interface Database<Tree = unknown> {
  readonly dialect: Dialect;
  readonly language: Language<Tree>;
  readonly replay: Replay;
  readonly execution: Execution;
  readonly catalogue: Catalogue;
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
  /** Names the first `most` differences in a sentence, without the full stop. */
  describe(differences: readonly Described[], most: number): string;
}
