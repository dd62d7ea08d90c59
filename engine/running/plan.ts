/** The plan, the run and the state of a target as values: what the command line prints as JSON and the extension shows. */
import type { Drifted } from '../databases/fact';

/** One thing that a run does. Steps are executed in order; each is journaled on its own. */
export interface PlanStep {
  /** Unique in its plan and stable over re-planning: `2.0.0/up/0004_split_name#2`. */
  readonly id: string;
  readonly kind: 'check' | 'backup' | 'migration' | 'statement' | 'transform' | 'verify' | 'release' | 'restore';
  readonly direction: 'up' | 'down';
  /** For people: `Apply 0004_split_name`. */
  readonly title: string;
  /** The release that the step belongs to. */
  readonly release: string;
  readonly migration?: string;
  /** Absolute path of the script. */
  readonly file?: string;
  /** The SQL to run, exactly. Only for `migration` and `statement`. */
  readonly sql?: string;
  /** `sha256:<hex>` of the SQL after CRLF to LF. */
  readonly hash?: string;
  /** False when the step is its own point of no return: it cannot share a transaction with its journal row. */
  readonly transactional: boolean;
  /** Why the step cannot be undone by a down script; undefined when it can. */
  readonly irreversible?: string;
  /** What the step does in words or as configured (a check's query, a transform's table and batch size). */
  readonly detail?: string;
}

/** An ordered, immutable way from one release of a target to another. */
export interface Plan {
  readonly format: 1;
  /** `sha256:<hex>` of everything below, in canonical JSON: two equal plans have equal ids. */
  readonly id: string;
  readonly direction: 'upgrade' | 'rollback';
  readonly system: string;
  /** Name of the target in the manifest. */
  readonly target: string;
  /** The target without secrets, for people: `PGlite .mem8/local`, `PostgreSQL db.example.com:5432/mem8`. */
  readonly targetDescription: string;
  readonly protected: boolean;
  /** Null for a target that holds nothing yet. */
  readonly from: string | null;
  readonly to: string | null;
  /** Releases passed on the way, first to last, without `from`. */
  readonly releases: readonly string[];
  readonly steps: readonly PlanStep[];
  /** What is lost with its data: `column orders.note (0002_note)`. */
  readonly losses: readonly string[];
  /** Sentences for people: named risks of the path, steps that are not transactional. */
  readonly warnings: readonly string[];
  /** Changes of the schema outside the journal, which the run makes part of the recorded schema; undefined where there are none. */
  readonly drift?: readonly Drifted[];
  /** What makes the plan stale when it changes. */
  readonly basis: { readonly manifest: string; readonly migrations: string; readonly journal: string };
}

/** `6 applied migrations of 1.1.0`: the migrations of a plan that starts and ends at one release; undefined for every other plan. */
export function migrationsWithin({ direction, from, to, steps }: Plan): string | undefined {
  if (from !== to) return undefined;
  const own = steps.filter((step) => step.migration !== undefined);
  const count = new Set(own.map((step) => step.migration)).size;
  const releases = [...new Set(own.map((step) => step.release))].join(', ');
  const kind = direction === 'rollback' ? 'applied migration' : 'migration';
  return count === 0 ? undefined : `${count} ${kind}${count === 1 ? '' : 's'} of ${releases}`;
}

/** `column orders.note was added` */
export function describeDrift({ kind, name }: Drifted): string {
  return `${name} was ${{ 'left-over': 'added', missing: 'dropped', changed: 'changed' }[kind]}`;
}

export type StepState = 'pending' | 'running' | 'done' | 'failed' | 'unknown' | 'undone';

export interface MigrationState {
  readonly id: string;
  readonly release: string;
  readonly state: 'applied' | 'pending' | 'partial' | 'edited' | 'missing';
  /** ISO 8601, when applied. */
  readonly appliedAt?: string;
}

/** A run that is open in the journal. */
interface UnfinishedRun {
  readonly run: string;
  readonly plan: string;
  readonly direction: 'upgrade' | 'rollback';
  readonly from: string | null;
  readonly to: string | null;
  /** The id of the step at which it is. */
  readonly step: string;
  /** How many steps of the run are done, and how many there are. */
  readonly done: number;
  readonly total: number;
}

/** What a target is and what was done to it. */
export interface TargetStatus {
  readonly system: string;
  readonly target: string;
  readonly targetDescription: string;
  readonly protected: boolean;
  readonly serverVersion: string;
  /** Null when nothing was ever applied. */
  readonly release: string | null;
  /** The newest release that the manifest knows. */
  readonly newest: string | null;
  readonly migrations: readonly MigrationState[];
  /** A run that did not finish and has to be resumed or rolled back. */
  readonly interrupted?: UnfinishedRun & {
    readonly state: StepState;
    readonly ended: 'failed' | 'cancelled' | 'interrupted';
    readonly error?: string;
  };
  /** A run that another process carries out at this moment; there is no interrupted one then. */
  readonly running?: UnfinishedRun & {
    readonly title: string;
    /** ISO 8601: when the step began. */
    readonly since: string;
    /** Who carries it out: the program, its machine, process and connection. */
    readonly by: string;
  };
  /** In words, what the last rollback left different from the schema of the release; undefined where nothing is left. */
  readonly leftover?: string;
  /** In words, the rows that the last rollback did not restore, as it found them; undefined after another run. */
  readonly rowsLeft?: string;
  /** Changes of the schema outside the journal that were not accepted; undefined where the journal has no record to compare with. */
  readonly drift?: readonly Drifted[];
  /** Rows that are missing in the journal, in words. */
  readonly journalLacks?: readonly string[];
  readonly backups: readonly ListedBackup[];
  /** Copies of the target, a path or a database each, that interrupted backups and restores left. The next backup removes them. */
  readonly leftCopies: readonly { readonly location: string; readonly bytes: number }[];
}

export interface BackupInfo {
  readonly id: string;
  readonly target: string;
  /** The target as it was described when the backup was taken. */
  readonly targetDescription: string;
  /** Of the database; undefined where an earlier version took the backup. */
  readonly identity?: { readonly id: string | null; readonly place: string | null };
  /** ISO 8601. */
  readonly createdAt: string;
  /** What the target held: a release, or `1.0.0 with parts of 1.1.0`. Null for an empty one. */
  readonly release: string | null;
  /** Where it is kept: a path or a database name. */
  readonly location: string;
  readonly bytes: number;
  /** `sha256:<hex>` over schema and rows. */
  readonly fingerprint: string;
  /** True once it was restored into a scratch place and compared. */
  readonly proven: boolean;
}

/** A backup in the folder of a target, which may be of another database: a variable can decide which one a target is. */
export interface ListedBackup extends BackupInfo {
  /** Which database it was taken of. `unrecorded`: an earlier version took it, at the address that the target has. */
  readonly origin: 'this' | 'other' | 'unrecorded';
}

export interface RestoredBackup extends BackupInfo {
  /** Where the replaced database is kept, a folder or a database; undefined where there was none. */
  readonly previous?: string;
}

/** What came of comparing one side of the state after a rollback. */
export interface VerdictPart {
  readonly result: 'same' | 'different' | 'not-compared';
  /** One or more sentences. */
  readonly message: string;
}

/** What a rollback restored. */
export interface Verdict {
  readonly schema: VerdictPart;
  readonly rows: VerdictPart;
}

/** What a run did, whether or not it got to its end. */
export interface RunReport {
  readonly run: string;
  readonly plan: string;
  readonly direction: 'upgrade' | 'rollback';
  readonly from: string | null;
  readonly to: string | null;
  /** The target's release now. */
  readonly release: string | null;
  readonly steps: readonly {
    readonly id: string;
    readonly title: string;
    readonly state: StepState;
    readonly ms: number;
    readonly message?: string;
  }[];
  readonly backup?: BackupInfo;
  /** True when the run finished and, for a rollback, schema and rows were compared and are restored. */
  readonly verified: boolean;
  /** Of a rollback that compared the result. */
  readonly verdict?: Verdict;
  readonly ms: number;
}

export interface VerificationReport {
  readonly target: string;
  readonly release: string | null;
  readonly checks: readonly {
    readonly name: string;
    readonly result: 'passed' | 'failed' | 'error' | 'skipped';
    readonly message: string;
  }[];
  readonly passed: boolean;
}

/** One line of `--events`: what a run process tells its parent while it works (newline-delimited JSON on standard output). */
export type RunEvent =
  | {
      readonly event: 'progress';
      readonly step: number;
      readonly steps: number;
      readonly title: string;
      readonly rows?: { readonly done: number; readonly total?: number; readonly perSecond?: number; readonly remainingMs?: number };
      readonly waiting?: { readonly what: string; readonly ms: number };
    }
  | { readonly event: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string }
  | {
      readonly event: 'result';
      readonly ok: boolean;
      readonly result: unknown;
      /** The target right after a run, where it could be read. */
      readonly status?: TargetStatus;
    };
