import type { ReportProgress } from '../core/host';
import { parentFolder, resolvePath } from '../core/paths';
import { sentences } from '../core/wording';
import { ProblemError, valueOf, type Problem, failure, outcomeOf, success, type Outcome } from '../core/problem';
import { originOf } from '../running/database-identity';
import { deniedProblem } from '../running/journal/rights';
import { readIdentity, takeOverIdentity } from '../running/journal/identity';
import { createJournal } from '../running/journal/journal';
import { isPresent, readJournal, readLiveJournal } from '../running/journal/journal-reading';
import type { JournalState } from '../running/journal/journal-state';
import { DatabaseFailure, type TargetSession, type Target } from '../databases/target';
import type { EngineHost } from '../running/engine-host';
import { readSources, type UpgradeSources } from '../inputs/sources';
import type { TargetFacts } from '../running/planning/upgrade-planner';
import { formatPlan } from '../running/planning/format-plan';
import type { Plan, RunReport, TargetStatus } from '../running/plan';
import type { PlannedRun } from '../running/planning/planned-run';
import type { RunContext, RunResult } from '../running/run/run';
import { VersionTracker } from '../running/journal/version-tracker';
import { TargetBackups } from '../running/backups/target-backups';
import type { Backups } from '../running/backups/backups';
import { type IsStillWanted, journalAtRest, journalUnderLock, lockOptions, reportWait, requirePlan } from './other-runs';
import { privateFolderName } from '../databases/storage/private-folder';

/** One system in one place: what every door is made with. */
export interface Installation {
  readonly host: EngineHost;
  /** Absolute path. */
  readonly manifestPath: string;
  /** Name of the target in the manifest. Default: the only one, else `local`. */
  readonly target?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: ReportProgress;
  /** How long to wait for another run on the target to end, milliseconds; default 10,000. */
  readonly waitMs?: number;
}

/** A target that an operation is at work with. */
export interface OpenedTarget {
  readonly sources: UpgradeSources;
  readonly target: Target;
  readonly session: TargetSession;
  readonly journal: JournalState;
  /** Replaces the session after a restore, so that the right one is closed. */
  use(session: TargetSession): void;
}

/** What a planner has to know of the target. */
export function factsOf({ target, session, journal }: OpenedTarget): TargetFacts {
  return {
    name: target.name,
    description: target.description,
    protected: target.protected,
    serverVersion: session.serverVersion,
    journal,
  };
}

/**
 * As `withTarget`, for work that only looks: a target that does not exist yet is not made. Without `isStillWanted` it does not wait for a
 * run that is in progress, and the open run of the journal names its runner.
 */
export function lookAtTarget<T>(
  installation: Installation,
  work: (opened: OpenedTarget) => Promise<T>,
  isStillWanted?: IsStillWanted,
): Promise<T> {
  return openTarget(installation, work, { peek: true, isStillWanted });
}

/** Reads the manifest, opens the target, waits for a run that is in progress, does the work and closes what was opened. @throws ProblemError */
export function withTarget<T>(
  installation: Installation,
  work: (opened: OpenedTarget) => Promise<T>,
  isStillWanted: IsStillWanted,
): Promise<T> {
  return openTarget(installation, work, { peek: false, isStillWanted });
}

async function openTarget<T>(
  installation: Installation,
  work: (opened: OpenedTarget) => Promise<T>,
  { peek, isStillWanted }: { peek: boolean; isStillWanted: IsStillWanted | undefined },
): Promise<T> {
  const sources = valueOf(await readSources(installation.host.files, installation.manifestPath));
  const target = describedTarget(installation, sources);
  const { signal, waitMs } = installation;
  let session: TargetSession = await target.open({ peek, signal, waitMs, onWait: reportWait(installation, 'The database is in use') });
  try {
    await sources.database.execution.setSearchPath(session, sources.directory?.runner.searchPath);
    const journal = await (isStillWanted ? journalAtRest(installation, session, isStillWanted) : readLiveJournal(session));
    requireSameSystem(journal, sources, target);
    return await work({
      sources,
      target,
      session,
      journal,
      use: (other) => {
        session = other;
      },
    });
  } catch (error) {
    if (!(error instanceof DatabaseFailure)) throw error;
    if (error.isDenied) throw new ProblemError(await deniedProblem(session, error));
    throw new ProblemError({
      code: 'step-failed',
      message: `${target.description} rejected an internal statement of Mem8 Upgrade: ${error.error.message} (${error.error.sqlstate}).`,
      remedy: "Check that the target's login can read the catalog and create the schema mem8_upgrade.",
    });
  } finally {
    await session.close();
  }
}

/** The target that an installation names, not connected. @throws ProblemError `target-unknown` and those of `createTarget` */
function describedTarget(installation: Installation, sources: UpgradeSources): Target {
  const { manifest, database } = sources;
  const names = Object.keys(manifest.targets);
  const name = installation.target ?? (names.length === 1 ? names[0] : 'local');
  const configuration = name === undefined ? undefined : manifest.targets[name];
  if (name === undefined || !configuration) throw new ProblemError(unknownTarget(installation, name ?? 'local', names));
  const { host, manifestPath } = installation;
  return valueOf(
    database.connecting.createTarget(name, configuration, {
      manifestFolder: parentFolder(manifestPath),
      assets: host.assets,
      environment: host.environment,
      clock: host.clock,
      extensions: extensionsOf(sources),
    }),
  );
}

/** The extensions that the migrations create: an embedded database must know them before it is opened. */
function extensionsOf(sources: UpgradeSources): string[] {
  const created = /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]+)"|([a-z_][\w$]*))/gi;
  const texts = sources.migrations.flatMap(({ script }) => (script ? [script.up.sql, script.down?.sql ?? ''] : []));
  return [...new Set(texts.flatMap((text) => [...text.matchAll(created)].map((match) => match[1] ?? match[2]?.toLowerCase() ?? '')))];
}

function requireSameSystem(journal: JournalState, sources: UpgradeSources, target: Target): void {
  if (journal.system === undefined || journal.system === sources.manifest.system) return;
  throw new ProblemError({
    code: 'target-not-managed',
    message: `${target.description} belongs to the system ${journal.system}, but the manifest describes ${sources.manifest.system}.`,
    remedy: 'Use the manifest of that system, or choose another target.',
    file: sources.manifestPath,
  });
}

function unknownTarget(installation: Installation, name: string, names: readonly string[]): Problem {
  const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  return {
    code: 'target-unknown',
    message:
      installation.target === undefined && names.length > 1
        ? `The manifest has several targets: ${names.join(', ')}.`
        : `The manifest has no target ${name}; ${known}.`,
    remedy: names.length === 0 ? 'Add a target to the manifest.' : 'Choose one of them.',
    file: installation.manifestPath,
  };
}

const relockMs = 10_000;

/** The backups of an opened target, in the folder beside its manifest. */
export function backupsOf({ host, manifestPath }: Installation, opened: OpenedTarget, request: RunRequest = {}): Backups {
  const { target, sources } = opened;
  const { database, manifest } = sources;
  const backupsFolder = resolvePath(parentFolder(manifestPath), `${privateFolderName}/backups`);
  const stored = new TargetBackups({ target, database, backupsFolder, clock: host.clock, logger: host.logger });
  return {
    async take(session, options) {
      const { id, places } = await readIdentity(session);
      return stored.create({ session, ...options, identity: { id: id ?? null, place: places.at(-1) ?? null } });
    },
    async list() {
      // What cannot be listed cannot be restored, but it does not prevent anything else.
      const listed = await outcomeOf(() => stored.list());
      const { backups, problems } = listed.ok ? listed.value : { backups: [], problems: [listed.problem] };
      for (const { message, cause } of problems) host.logger.warn(sentences(message, cause) ?? '');
      if (backups.length === 0) return [];
      const identity = await readIdentity(opened.session);
      return backups.map((backup) => ({ ...backup, origin: originOf(backup, identity, target.description) })).reverse();
    },
    async leftovers(session) {
      const left = await outcomeOf(() => stored.leftovers(session));
      if (!left.ok) host.logger.warn(sentences(left.problem.message, left.problem.cause) ?? '');
      return left.ok ? left.value : [];
    },
    async restore(session, { id }, options) {
      const identity = await readIdentity(session);
      await session.close();
      const adopt = async (copy: TargetSession): Promise<void> => {
        if (!(await isPresent(copy))) await createJournal(copy, { clock: host.clock, system: manifest.system });
        await takeOverIdentity(copy, identity);
      };
      const restored = await outcomeOf(() => stored.restore(id, { ...options, adopt, terminateOthers: request.endConnections }));
      const reopened = await target.open();
      await reopened.lock({ waitMs: relockMs, holder: host.holder });
      if (!restored.ok) return { session: reopened, problem: restored.problem };
      return { session: reopened, previous: restored.value.previous || undefined };
    },
  };
}

/** What a person decided about a run. */
export interface RunRequest {
  /** The id of the plan that a person saw: another one is refused as `plan-stale`. Without it, the plan is made when the run can begin. */
  readonly planId?: string;
  /** What that plan was made from, where it is known: it tells why another one is planned now. */
  readonly basis?: Plan['basis'];
  /** True when a person confirmed the plan; a protected target is not touched without. */
  readonly confirmed?: boolean;
  /** Risks and answers that a person accepted, as a plan or a problem named them. */
  readonly accept?: readonly string[];
  /** On a server: a restore ends the connections of other programs to the database, which otherwise prevent it. */
  readonly endConnections?: boolean;
}

/** A run that failed still tells what it did. `status` is that of the target right after the run, where it could be read. */
export type RunOutcome = Outcome<RunReport> & { readonly report?: RunReport; readonly status?: TargetStatus };

type ReadStatus = (installation: Installation, opened: OpenedTarget) => Promise<TargetStatus>;

/**
 * Plans a run, makes sure that it is permitted, and carries it out under the target's lock. When another run did something before the lock
 * was free, it plans again; a run of which nothing is left to do has succeeded.
 */
export async function performRun(
  installation: Installation,
  request: RunRequest,
  isStillWanted: IsStillWanted,
  plan: (opened: OpenedTarget) => Promise<PlannedRun>,
  execute: (planned: PlannedRun, context: RunContext) => Promise<RunResult>,
  readStatus: ReadStatus,
): Promise<RunOutcome> {
  const outcome = await outcomeOf(() =>
    withTarget(
      installation,
      async (opened): Promise<Pick<RunResult, 'report' | 'problem'> & { status?: TargetStatus }> => {
        const early = await permitted(opened);
        if (isIdle(early, opened)) return { report: idleReport(early.plan, opened.journal) };
        return locked(installation, request, opened, async (context) => {
          const journal = await journalUnderLock(context.session, early.plan, opened.journal, isStillWanted);
          const now = { ...opened, journal };
          const planned = journal === opened.journal ? early : await permitted(now);
          if (isIdle(planned, now)) return { report: idleReport(planned.plan, journal), session: context.session };
          const result = await execute(planned, context);
          return { ...result, status: await statusAfter(result, opened) };
        });
      },
      isStillWanted,
    ),
  );
  if (!outcome.ok) return outcome;
  const { report, problem, status } = outcome.value;
  return { ...(problem ? failure<RunReport>(problem) : success(report)), report, status };

  async function permitted(opened: OpenedTarget): Promise<PlannedRun> {
    const planned = await plan(opened);
    if (isIdle(planned, opened)) return planned;
    await requirePlan(opened.session, request, planned.plan);
    requireConfirmation(request, opened.target, formatPlan(planned.plan), 'Review the plan and confirm it.');
    return planned;
  }

  /** Read under the lock of the run, so that it is what the run left. */
  async function statusAfter({ session }: RunResult, opened: OpenedTarget): Promise<TargetStatus | undefined> {
    const read = async () => readStatus(installation, { ...opened, session, journal: await readJournal(session) });
    return read().catch(() => undefined);
  }
}

function isIdle({ steps }: PlannedRun, { journal }: OpenedTarget): boolean {
  return steps.length === 0 && !journal.openRun;
}

/** Takes the lock and runs. */
async function locked<R extends Pick<RunResult, 'session'>>(
  installation: Installation,
  request: RunRequest,
  opened: OpenedTarget,
  run: (context: RunContext) => Promise<R>,
): Promise<R> {
  const { sources, session, target } = opened;
  const { host, signal, onProgress } = installation;
  const lock = await session.lock(lockOptions(installation));
  let current = session;
  let stopWatching = (): void => undefined;
  try {
    stopWatching = await target.cancelOnAbort(session, signal);
    const backups = backupsOf(installation, opened, request);
    const watchWaits: RunContext['watchWaits'] = (...watched) => target.watchWaits(...watched);
    const result = await run({ host, sources, session, backups, watchWaits, accept: request.accept ?? [], signal, onProgress });
    current = result.session;
    opened.use(current);
    return result;
  } finally {
    stopWatching();
    // A lock that was lost on the way has been told already, and one of a closed session is gone with it.
    if (current === session) await lock.release().catch(() => undefined);
  }
}

/** @throws ProblemError `confirmation-needed` for a protected target */
export function requireConfirmation({ confirmed }: RunRequest, target: Target, what: string, remedy: string): void {
  if (!target.protected || confirmed === true) return;
  throw new ProblemError({
    code: 'confirmation-needed',
    message: `The target ${target.name} is protected. The run would do the following:\n\n${what}`,
    remedy,
  });
}

function idleReport(plan: Plan, journal: JournalState): RunReport {
  const release = new VersionTracker(journal).currentRelease;
  return { run: '', plan: plan.id, direction: plan.direction, from: release, to: release, release, steps: [], verified: true, ms: 0 };
}
