/**
 * Every statement that the journal sends to a target, in the SQL of its product. Each is one statement with parameters `$1`..., unless
 * it says something else; times are ISO texts, values of the journal's own are JSON texts.
 */
export interface JournalStatements {
  /** Where the tables are, for messages. */
  readonly schema: string;
  /** The version of the tables; a change of them needs a new one. */
  readonly version: number;
  /** The oldest engine, by the version of its tables, that may still write them. */
  readonly minimumReader: number;
  readonly tables: readonly string[];
  /** Makes the tables. Several statements without parameters. */
  readonly create: string;
  /** Brings tables of an earlier version up to date. Several statements without parameters. */
  readonly amend: string;
  /** Adds the table of the rows and the schema after a run to a journal that an earlier version made. Several statements without parameters. */
  readonly addRecords: string;
  /** One row where the journal has both. */
  readonly hasRecords: string;
  readonly insertMeta: string;
  /** Replaces the identity of the database, a JSON text. */
  readonly writeIdentity: string;
  /** Tables of the journal that exist. No row: there is no journal. */
  readonly presentTables: string;
  /**
   * What the login may not do and has to, to `read` or to make and `write` the journal, as the parameter says: `privilege`, `object` (such
   * as `SCHEMA s`) and `login`, as the product's GRANT has them. No row: nothing is missing.
   */
  readonly missingRights: string;
  readonly readMeta: string;
  /** The cheap question: did anything happen since? */
  readonly readHead: string;
  readonly takeFence: string;
  /** Chains an event to the head; no row when another run took the fence in the meantime. */
  readonly touch: string;
  readonly readReleases: string;
  readonly readMigrations: string;
  readonly readTexts: string;
  /** The newest open run that took a step beyond checks and backups; else the newest open run. */
  readonly readOpenRun: string;
  /** Runs without a recorded end, newest first, with their `holder`. */
  readonly readRunningRuns: string;
  /** The last run that carried out a plan, by its id, or that began at a head: `direction`, `from_release`, `to_release`, `state`, `holder`, `finished_at`. */
  readonly readRunAfter: string;
  /** What the last run left that should not be there; no row when another run followed or none ended. */
  readonly readLeftover: string;
  readonly readSteps: string;
  readonly insertRun: string;
  readonly reopenRun: string;
  readonly closeRun: string;
  /** Ends every run that is still open except the given one: its steps were undone. */
  readonly supersedeRuns: string;
  readonly intendStep: string;
  readonly finishStep: string;
  readonly saveCursor: string;
  readonly insertMigration: string;
  readonly partialMigration: string;
  readonly deleteMigration: string;
  readonly insertRelease: string;
  readonly deleteRelease: string;
  readonly insertBackup: string;
  readonly insertPage: string;
  readonly lastPage: string;
  readonly deletePage: string;
  readonly countPageKeys: string;
  /** Keeps what the rows were: run, moment, state, record, time. */
  readonly insertRows: string;
  /** The records from the newest one of a state on, in order. */
  readonly rowsSince: string;
  /** The records from the first one of a run on, in order. */
  readonly rowsOfRun: string;
  /** The schema when the last run that finished ended, with that run; none where a release records it. */
  readonly lastSchema: string;
  /** The changes outside the journal that were accepted since a run began, in order; all of them for an unknown run. */
  readonly acceptedDrift: string;
  /** What the journal should hold and does not, in words; no row for a whole journal. */
  readonly missingRows: string;
  /** The schema when a release was reached. */
  readonly releaseSchema: string;
  /** The schema when a run began. */
  readonly runSchema: string;
  /** The schema before the first run. */
  readonly firstSchema: string;
  /** A list of keys as the parameter of `insertPage`. */
  keyList(keys: readonly string[]): string;
}
