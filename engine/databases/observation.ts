import type { Difference } from './fact';
import type { TextRange } from '../core/text';
import type { RunnerProfile } from '../core/scripts';
import type { TransactionControl } from './statement';

/** PostgreSQL's table-level locks, weakest first. */
export const lockModes = [
  'AccessShare',
  'RowShare',
  'RowExclusive',
  'ShareUpdateExclusive',
  'Share',
  'ShareRowExclusive',
  'Exclusive',
  'AccessExclusive',
] as const;
export type LockMode = (typeof lockModes)[number];

export interface ReplayStatement {
  readonly text: string;
  readonly control?: TransactionControl;
  /** Set for a statement that the server refuses inside a transaction block. */
  readonly outside?: OutsideStatement;
  /** Where `text` names the database that is upgraded, whatever its name is: the replay puts the name of its own there. */
  readonly ownDatabase?: TextRange;
}

/** A statement for which no transaction block may be open. */
export interface OutsideStatement {
  /** A statement of the same effect that may run in one: the same without CONCURRENTLY. Undefined where there is none. */
  readonly imitation?: string;
  /** The table or index that the statement is about, as SQL; the imitation works only while it is not partitioned. */
  readonly relation?: string;
}

/** One direction of a migration, ready to be replayed. */
export interface ReplayScript {
  readonly transaction: 'script' | 'none';
  readonly sends: RunnerProfile['sends'];
  readonly statements: readonly ReplayStatement[];
}

/** The connection on which a step runs. */
export interface ReplaySession {
  /** The search path that the tool connects with; undefined for the one of database and role. */
  readonly searchPath?: readonly string[];
  /** True where one connection runs all pending migrations, so that a search path that a script sets stays. */
  readonly isKept?: boolean;
}

/** One migration of the chain that the shadow replays. */
export interface ReplayStep {
  readonly id: string;
  /** Absent for a connection of its own with the defaults of database and role. */
  readonly session?: ReplaySession;
  readonly up: ReplayScript;
  readonly down?: ReplayScript;
  /**
   * Bodies of routines that are tried while `up` is observed. They must follow from the ups so far and from nothing else, as
   * what is observed is remembered by those.
   */
  readonly routines?: readonly RoutineProbe[];
}

/** A routine whose body is tried, without running it, once a statement has run. */
export interface RoutineProbe {
  /** Place of the statement in the up script. */
  readonly statement: number;
  /** Tries the body and raises what it found; see `routineProbeSql`. */
  readonly sql: string;
}

/** What trying a body brought to light. */
export interface RoutineOutcome {
  /** False when there is no such routine then. */
  readonly exists: boolean;
  readonly failures: readonly RoutineFailure[];
}

/** An expression or statement of a body that PostgreSQL refuses. */
export interface RoutineFailure {
  /** Its place among the pieces of the body; -1 for the body as a whole. */
  readonly piece: number;
  readonly sqlstate: string;
  readonly message: string;
  /** For a trigger function the qualified name of the table whose trigger calls it. */
  readonly table?: string;
  /** What calls the trigger function there: `INSERT`, `UPDATE`, ... */
  readonly events?: readonly string[];
}

/** A relation by its qualified name, e.g. `public.memories`. */
export type RelationName = string;

export interface ObservedLock {
  readonly relation: RelationName;
  /** `pg_class.relkind`: r table, i index, p partitioned table, I partitioned index, v view, m materialized view, S sequence. */
  readonly relationKind: string;
  /** The table itself, or the table that an index belongs to. */
  readonly table: RelationName;
  readonly mode: LockMode;
  /** False for a relation that was created by this migration, so that nobody can be waiting for it. */
  readonly existedBefore: boolean;
}

/** A change of the catalog that a statement made, e.g. `{ kind: 'dropped', object: 'column public.memories.valence' }`. */
export interface CatalogChange {
  readonly kind: 'created' | 'dropped' | 'changed';
  /** Type and qualified name, as in `Difference.object`. */
  readonly object: string;
  /** Set for a dropped index, constraint or statistics object all of whose columns are gone too. */
  readonly alone?: true;
}

export interface RenamedRelation {
  readonly from: RelationName;
  readonly to: RelationName;
}

/** A server error, with the position already mapped to a UTF-16 offset in the statement's text. */
export interface DatabaseError {
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
  readonly offset?: number;
  /**
   * Set when the shadow itself gave up: the statement ran too long, took too much memory, ruined the instance, must not be run, or
   * needs an extension that the server lacks.
   */
  readonly gaveUp?: 'time' | 'memory' | 'crash' | 'refused' | 'lacked';
}

/** What the shadow saw one statement do. */
export interface StatementObservation {
  /**
   * The strongest lock per relation among those that the transaction did not hold before the statement. A lock of the same
   * mode that an earlier statement took is held on and cannot be seen again.
   */
  readonly locks: readonly ObservedLock[];
  /** Tables and indexes that got new storage although they existed before the statement. */
  readonly rewrites: readonly RelationName[];
  /** Existing relations that were read from end to end. */
  readonly scans: readonly RelationName[];
  readonly changes: readonly CatalogChange[];
  /** Relations that got another name or schema, and keep their locks under it. */
  readonly renamed?: readonly RenamedRelation[];
  readonly error?: DatabaseError;
  /**
   * Set when the statement fails on the made-up rows and works over other ones or without: what it would say where such rows
   * exist. All else that the observation says is of the run that worked.
   */
  readonly rowsError?: DatabaseError;
  /** With `rowsError`: whether it worked over other made-up rows of the tables at fault, or only over none. */
  readonly worksOver?: 'other rows' | 'no rows';
  /** Settings that the statement reads and that no script and no server set: it was tried with values of the shadow's own. */
  readonly settings?: readonly string[];
  /** False when the statement could only be run where locks cannot be seen (CONCURRENTLY, VACUUM), or was not run. */
  readonly locksKnown: boolean;
  readonly inTransaction: boolean;
}

export interface StepObservation {
  readonly id: string;
  readonly statements: readonly StatementObservation[];
  /** True when an earlier migration of the chain failed, so that errors here may only be its consequence. */
  readonly afterFailure: boolean;
  /** Tables that exist before the step and could not be given rows, so that nothing is known of what rows would change. */
  readonly unseeded?: readonly UnseededTable[];
  /** One for each of the step's `routines`. */
  readonly routines?: readonly RoutineOutcome[];
}

export interface UnseededTable {
  readonly table: RelationName;
  /** The server's words on the last attempt. */
  readonly reason: string;
}

/** What became of a migration that was run up, down and up again. */
export interface RoundTrip {
  readonly id: string;
  readonly up: 'ok' | 'error' | 'none';
  readonly down: 'ok' | 'error' | 'none';
  readonly upAgain: 'ok' | 'error' | 'none';
  /** Null when there was no down that ran. */
  readonly schemaRestored: boolean | null;
  readonly rowsRestored: boolean | null;
  /** As in `StepObservation`. */
  readonly unseeded?: readonly UnseededTable[];
  readonly differences: readonly Difference[];
  /** The statement of the failing script at fault, counted from 0. */
  readonly failure?: { readonly script: 'up' | 'down' | 'upAgain'; readonly statement: number; readonly error: DatabaseError };
  /** One sentence for people. */
  readonly message: string;
}

/** A statement that an application sends, to be tried while migrations run. */
export interface ProbeQuery {
  /** With parameters `$1`, `$2`, ... */
  readonly sql: string;
  /** Set for a statement that writes, which is then run too: where its parameters go, by position. */
  readonly writes?: readonly (ProbeTarget | undefined)[];
}

/** The column that a parameter is stored in (`new`), or that it is looked for in (`existing`). */
export interface ProbeTarget {
  /** As it stands in SQL. */
  readonly table: string;
  readonly column: string;
  readonly use: 'new' | 'existing';
}

/** How a query fares at one state of the database. */
export interface ProbeOutcome {
  /** Why it cannot be prepared. */
  readonly error?: DatabaseError;
  readonly parameters: readonly string[];
  /** `modifier` is what a type has in brackets, as the server counts it; absent without any. */
  readonly columns: readonly { readonly name: string; readonly type: string; readonly modifier?: number }[];
  /** Why a write fails on the made-up rows with values that it worked with before the step. */
  readonly writeError?: DatabaseError;
  /** True when the write was run and worked with some values. */
  readonly written?: boolean;
}

/** How queries fare before a step, and after each of its statements that changed that. */
export interface StepProbe {
  readonly before: readonly ProbeOutcome[];
  readonly changes: readonly { readonly statement: number; readonly query: number; readonly outcome: ProbeOutcome }[];
}

export interface ShadowLimits {
  /** Longest time for one statement, milliseconds. */
  readonly statementMs: number;
  /** Longest time for one request, milliseconds. */
  readonly requestMs: number;
  /** Largest memory of the worker, megabytes. */
  readonly memoryMb: number;
}

/** Replays migrations in an embedded PostgreSQL of its own. Never throws for what a script does; see `DatabaseError`. */
export interface Shadow {
  /** The embedded server's version, e.g. `18.6`. */
  readonly serverVersion: string;
  /**
   * Replays the chain from an empty database and returns one observation a step, in order. Steps that are the same as in
   * an earlier call, from the start of the chain, are not run again.
   * @throws ProblemError `shadow-unavailable`, `shadow-timeout`, `cancelled`
   */
  observe(chain: readonly ReplayStep[], options?: ObserveOptions): Promise<readonly StepObservation[]>;
  /** Runs each step of the chain up, down and up again on top of the steps before it. Only `options.only`, when given, are judged. */
  rehearse(chain: readonly ReplayStep[], options?: ShadowOptions & { only?: ReadonlySet<string> }): Promise<readonly RoundTrip[]>;
  /**
   * Replays the chain and tries queries before each step and after each statement of it that may matter. `queries` has them by
   * index of the step; the result too. Without it a shadow cannot probe.
   */
  probe?(
    chain: readonly ReplayStep[],
    queries: ReadonlyMap<number, readonly ProbeQuery[]>,
    options?: ShadowOptions,
  ): Promise<ReadonlyMap<number, StepProbe>>;
  dispose(): Promise<void>;
}

export interface ObserveOptions extends ShadowOptions {
  /** The steps that the caller will rehearse next: they are rehearsed in the same pass over the history. */
  readonly rehearsing?: ReadonlySet<string> | undefined;
}

export interface ShadowOptions {
  readonly signal?: AbortSignal;
  /** Called after each step, for progress. */
  readonly onStep?: (done: number, total: number) => void;
}
