import { openedAtStart, type OpenedBy } from '../sql/transaction-control';
import { canBeTakenBack, isWrapped } from './imitation';
import type { LackedSettings } from './lacked-settings';
import type { DatabaseError, ReplayScript, StatementObservation } from '../../observation';
import type { StatementObserver } from './observe-statement';
import type { SeedRows } from './seeding/seed-rows';
import type { Wire, WireResult } from './wire';
import type { RowsLevel } from './without-rows';

/** What running scripts needs beside the connection. */
export interface RunContext {
  readonly wire: Wire;
  /** Settings that scripts read and nobody made. */
  readonly settings: LackedSettings;
  /** Runs one statement of the user's over such made-up rows; the watchdog looks on. Throws `Stopped` when the host asked for that. */
  guarded(statement: number, rows: RowsLevel, work: () => Promise<WireResult>): Promise<WireResult>;
  /** Why a statement is never to be run over such made-up rows again, if so. */
  givenUp(text: string, rows: RowsLevel): DatabaseError | undefined;
  /** Makes an error of the shadow's own limits out of one of the server's, where that is what it was. */
  explain(error: DatabaseError): DatabaseError;
  /** Restores the shadow's own prepared statements. */
  prepare(): Promise<void>;
}

/** The host asked to stop. The connection may be inside a transaction. */
export class Stopped extends Error {}

export interface RunOptions {
  /** Without one the script only runs. */
  readonly observer?: StatementObserver;
  /** What becomes of the last transaction of the script. */
  readonly end: 'commit' | 'rollback';
  /** Ends at the first error, as a runner does: an open transaction is rolled back. */
  readonly stopAtError?: boolean;
  /**
   * The made-up rows of the database. Statements are seen with them, and what is committed is what would become of empty
   * tables. Without this, made-up rows are rows like any other.
   */
  readonly seeds?: SeedRows;
  /** Without `seeds`: the made-up rows that there are. */
  readonly rows?: RowsLevel;
  /** Called after each statement, inside the transaction where one is open. Must leave the database as it is. */
  readonly afterEach?: (statement: number, inTransaction: boolean) => Promise<void>;
  /** The same, but before the transaction of the statement ends, so that it sees also what is taken back. */
  readonly beforeEnd?: (statement: number, inTransaction: boolean) => Promise<void>;
  /** Called when something had to be committed although the script was to be taken back. */
  readonly onCommit?: () => void;
}

/** True when the whole script is one transaction, so that it can be taken back. */
export function isAtomic(script: ReplayScript): boolean {
  const { statements } = script;
  if (openingBlock(script) !== 'none' && statements.every((each) => each.control === undefined || each.control === 'savepoint'))
    return true;
  if (openingBlock(script) !== 'runner' && isWrapped(script)) return true;
  const [only, ...others] = statements;
  return only !== undefined && others.length === 0 && openingBlock(script) === 'none' && canBeTakenBack(only);
}

/** Who opens the transaction that the script's first statement finds. */
export function openingBlock(script: ReplayScript): OpenedBy {
  return openedAtStart(script, script.statements.length);
}

/** True when the shadow's prepared statements may be gone afterwards. */
export function dropsPrepared(text: string): boolean {
  return /\b(?:deallocate|discard)\b/i.test(text);
}

/** True for what counts as a failure of the script; a statement that is not run by choice is none. */
export function isFailure(observation: StatementObservation | undefined): boolean {
  return observation?.error !== undefined && observation.error.gaveUp !== 'refused';
}
