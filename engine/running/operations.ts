import type { ReportProgress } from '../core/host';
import { parentFolder } from '../core/paths';
import { failure, outcomeOf, ProblemError, success, type Outcome } from '../core/problem';
import { CompatibilityChecker } from '../operations/compatibility-checker';
import { Journal, readHead, readJournal, readTexts } from './journal/journal';
import { currentRelease, type JournalState } from './journal/journal-state';
import type { PlannedRollback, RollbackOptions } from './rollback/rollback-planner';
import { RollbackManager } from './rollback/rollback-manager';
import { releaseGraph } from '../inputs/releases/graph';
import { openFeed } from '../inputs/releases/feeds/open-feed';
import type { FeedAccess } from '../core/feed-access';
import type { UpdateOptions } from '../inputs/releases/update-manager';
import { VersionManager, type VersionOverview } from '../operations/version-manager';
import { formatPlan } from './format-plan';
import { valueOf, lookAtTarget, withTarget, type OpenedTarget, type TargetRequest } from './opened-target';
import type { BackupInfo, MigrationState, Plan, RestoredBackup, RunReport, TargetStatus, VerificationReport } from './plan';
import type { RunContext, RunResult } from './plan-runner';
import { cancelOnAbort } from './server-cancel';
import { backupsOf } from './target-backups';
import { stalePlan } from './upgrade-executor';
import { UpgradeManager } from './upgrade-manager';
import type { TargetFacts, UpgradeOptions } from './upgrade-planner';
import { remainingLeftover, verifyTarget } from './verification';

/** What every operation takes. */
export interface OperationRequest extends TargetRequest {
  readonly onProgress?: ReportProgress;
}

export interface PlanRequest extends OperationRequest, Omit<UpgradeOptions, 'nodeVersion' | 'notes'> {}

export interface RunRequest {
  /** The id of the plan that a person saw: another one is refused as `plan-stale`. */
  readonly planId?: string;
  /** True when a person confirmed the plan; a protected target is not touched without. */
  readonly confirmed?: boolean;
  /** How long to wait for another run to end, milliseconds; default 10,000. */
  readonly lockWaitMs?: number;
}

export interface ApplyRequest extends PlanRequest, RunRequest {}

export interface RollbackRequest extends OperationRequest, RollbackOptions, RunRequest {
  readonly accept?: readonly string[];
}

/** A run that failed still tells what it did. */
export type RunOutcome = Outcome<RunReport> & { readonly report?: RunReport };

const defaultLockWaitMs = 10_000;

/** What the target is, and what was done to it. */
export function status(request: OperationRequest): Promise<Outcome<TargetStatus>> {
  return outcomeOf(() => lookAtTarget(request, (opened) => statusOf(request, opened)));
}

export interface VersionsRequest extends OperationRequest, UpdateOptions {
  /** The network and the programs that the manifest's feed is read with. Without it, only the manifest is looked at. */
  readonly feeds?: FeedAccess;
}

/** The releases that the target could go to, and why not to the others. Changes nothing. */
export function versions(request: VersionsRequest): Promise<Outcome<VersionOverview>> {
  return outcomeOf(() =>
    lookAtTarget(request, ({ sources, journal }) => {
      const { accept, channel, feeds, signal, manifestPath } = request;
      const address = sources.manifest.feed;
      const feed = feeds && address !== undefined ? openFeed(address, parentFolder(manifestPath), feeds) : undefined;
      return new VersionManager(sources, journal, request.host.files).manageVersion({
        ...(accept && { accept }),
        ...(channel !== undefined && { channel }),
        ...(feed && { feed }),
        ...(signal && { signal }),
        today: request.host.clock.now().toISOString().slice(0, 10),
      });
    }),
  );
}

/** The plan of an upgrade. Changes nothing. */
export function plan(request: PlanRequest): Promise<Outcome<Plan>> {
  return outcomeOf(() => lookAtTarget(request, (opened) => planUpgrade(request, opened)));
}

/** The plan of a rollback. Changes nothing. */
export function planRollback(request: RollbackRequest): Promise<Outcome<Plan>> {
  return outcomeOf(() => lookAtTarget(request, async (opened) => (await planTheWayBack(request, opened)).plan));
}

/** Upgrades the target, or goes on with an upgrade that was interrupted. */
export function apply(request: ApplyRequest): Promise<RunOutcome> {
  return runOutcome(() =>
    withTarget(request, async (opened) => {
      const made = await planUpgrade(request, opened);
      if (isIdle(made, opened.journal)) return { report: idleReport(made, opened.journal) };
      requirePermission(request, made, opened.journal);
      return locked(request, opened, made, async (context) => valueOf(await new UpgradeManager().performUpgrade(made, context)));
    }),
  );
}

/** Returns the target to an earlier release, or to where an interrupted run began. With `dryRun` use `planRollback`. */
export function rollback(request: RollbackRequest): Promise<RunOutcome> {
  return runOutcome(() =>
    withTarget(request, async (opened) => {
      const planned = await planTheWayBack(request, opened);
      if (isIdle(planned.plan, opened.journal)) return { report: idleReport(planned.plan, opened.journal) };
      requirePermission(request, planned.plan, opened.journal);
      return locked(request, opened, planned.plan, async (context) =>
        valueOf(await new RollbackManager().performRollback(planned, context)),
      );
    }),
  );
}

/** Whether the target is what its journal says, and whether its release works: changes nothing. */
export function verify(request: OperationRequest): Promise<Outcome<VerificationReport>> {
  return outcomeOf(() => lookAtTarget(request, (opened) => verifyTarget(request, opened)));
}

/** Takes a backup and proves it. */
export function backup(request: OperationRequest & RunRequest): Promise<Outcome<BackupInfo>> {
  return outcomeOf(() =>
    withTarget(request, async (opened) => {
      const { session, journal } = opened;
      const lock = await session.lock(lockOptions(request));
      try {
        const options = { release: currentRelease(journal), ...(request.signal && { signal: request.signal }) };
        return await backupsOf(request, opened).take(session, options);
      } finally {
        await lock.release();
      }
    }),
  );
}

/** Restores a backup as a rollback that goes by no release: the newest proven one, or the one with the given id. */
export function restore(request: OperationRequest & RunRequest & { readonly backup?: string }): Promise<Outcome<RestoredBackup>> {
  return outcomeOf(() =>
    withTarget(request, async (opened) => {
      const backups = backupsOf(request, opened);
      const all = await backups.list();
      const chosen =
        request.backup === undefined || request.backup === 'latest'
          ? all.filter((info) => info.proven).at(-1)
          : all.find((info) => info.id === request.backup);
      if (!chosen) throw new ProblemError(noBackup(request.backup));
      requireConfirmation(
        request,
        opened,
        `Restore the backup ${chosen.id} of ${chosen.createdAt} (release ${chosen.release ?? 'empty'}) on ${opened.target.description}. Everything written since then is lost.`,
      );
      await opened.session.lock(lockOptions(request));
      const { session, problem, previous } = await backups.restore(opened.session, chosen, {
        ...(request.signal && { signal: request.signal }),
      });
      opened.use(session);
      if (problem) throw new ProblemError(problem);
      const journal = await readJournal(session);
      if (journal.openRun && journal.exists) {
        const writer = await Journal.open(session, { clock: request.host.clock, system: opened.sources.manifest.system });
        const untouched = journal.openRun.steps.every((step) => step.kind === 'check' || step.kind === 'backup');
        if (untouched) await writer.closeRun(journal.openRun.id, 'undone');
      }
      return previous === undefined ? chosen : { ...chosen, previous };
    }),
  );
}

async function planUpgrade(request: PlanRequest, opened: OpenedTarget): Promise<Plan> {
  const { sources, journal } = opened;
  const destination = request.to ?? releaseGraph(sources.manifest).newest?.version ?? '';
  const compatibility = await new CompatibilityChecker(sources, journal, request.host.files).check(currentRelease(journal), destination);
  const notes = compatibility.reasons.filter((reason) => !gatedElsewhere.has(reason.code)).map((reason) => reason.message);
  return valueOf(
    await new UpgradeManager().createPlan(sources, factsOf(opened), { ...request, notes, nodeVersion: request.host.nodeVersion }),
  );
}

/** The planner refuses these with a problem of its own. */
const gatedElsewhere: ReadonlySet<string> = new Set(['release-unknown', 'migration-edited', 'migration-missing']);

async function planTheWayBack(request: RollbackRequest, opened: OpenedTarget): Promise<PlannedRollback> {
  const { sources, session } = opened;
  const facts = {
    ...factsOf(opened),
    backups: await backupsOf(request, opened).list(),
    textsOf: (migration: string) => readTexts(session, migration),
  };
  return valueOf(await new RollbackManager().createPlan(sources, facts, request));
}

function factsOf({ target, session, journal }: OpenedTarget): TargetFacts {
  return {
    name: target.name,
    description: target.description,
    protected: target.protected,
    serverVersion: session.serverVersion,
    journal,
  };
}

interface LockedRequest extends OperationRequest, RunRequest {
  readonly accept?: readonly string[];
}

/** Takes the lock, makes sure that nothing happened since the plan was made, and runs. */
async function locked(
  request: LockedRequest,
  opened: OpenedTarget,
  made: Plan,
  run: (context: RunContext) => Promise<RunResult>,
): Promise<RunResult> {
  const { sources, session } = opened;
  const { host, signal, onProgress } = request;
  const lock = await session.lock(lockOptions(request));
  let current = session;
  let stopWatching = (): void => undefined;
  try {
    if ((await readHead(session)) !== made.basis.journal) throw new ProblemError(stalePlan(made.id, 'another run changed the target'));
    const journal = await Journal.open(session, { clock: host.clock, system: sources.manifest.system });
    const state = await readJournal(session);
    stopWatching = await cancelOnAbort(opened, signal);
    const result = await run({
      host,
      sources,
      session,
      journal,
      state,
      backups: backupsOf(request, opened),
      accept: request.accept ?? [],
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    current = result.session;
    opened.use(current);
    return result;
  } finally {
    stopWatching();
    // A lock that was lost on the way has been told already, and one of a closed session is gone with it.
    if (current === session) await lock.release().catch(() => undefined);
  }
}

function lockOptions(request: OperationRequest & RunRequest) {
  return {
    waitMs: request.lockWaitMs ?? defaultLockWaitMs,
    holder: request.host.holder,
    ...(request.signal && { signal: request.signal }),
  };
}

function requirePermission(request: RunRequest, made: Plan, journal: JournalState): void {
  if (request.planId !== undefined && request.planId !== made.id) {
    const why =
      journal.head === made.basis.journal
        ? 'the manifest, a migration, the target or an option was changed'
        : 'another run changed the target';
    throw new ProblemError(stalePlan(request.planId, why));
  }
  if (!made.protected || request.confirmed === true) return;
  throw new ProblemError({
    code: 'confirmation-needed',
    message: `The target ${made.target} is protected. The run would do the following:\n\n${formatPlan(made)}`,
    remedy: 'Review the plan and confirm it.',
  });
}

function requireConfirmation(request: RunRequest, { target }: OpenedTarget, what: string): void {
  if (!target.protected || request.confirmed === true) return;
  throw new ProblemError({
    code: 'confirmation-needed',
    message: `The target ${target.name} is protected. The run would do the following:\n\n${what}`,
    remedy: 'Confirm it.',
  });
}

function noBackup(id: string | undefined) {
  return {
    code: 'backup-not-found' as const,
    message: id === undefined ? 'There is no proven backup of this target.' : `There is no backup ${id} of this target.`,
    remedy: id === undefined ? 'Make a backup first.' : 'Choose a backup that the status lists.',
  };
}

function isIdle(made: Plan, journal: JournalState): boolean {
  return made.steps.length === 0 && !journal.openRun;
}

function idleReport(made: Plan, journal: JournalState): RunReport {
  const release = currentRelease(journal);
  return { run: '', plan: made.id, direction: made.direction, from: release, to: release, release, steps: [], verified: true, ms: 0 };
}

async function runOutcome(work: () => Promise<Pick<RunResult, 'report' | 'problem'>>): Promise<RunOutcome> {
  const outcome = await outcomeOf(work);
  if (!outcome.ok) return outcome;
  const { report, problem } = outcome.value;
  return problem ? { ...failure<RunReport>(problem), report } : { ...success(report), report };
}

async function statusOf(request: OperationRequest, opened: OpenedTarget): Promise<TargetStatus> {
  const { sources, target, session, journal } = opened;
  const stored = new Map(journal.migrations.map((migration) => [migration.id, migration]));
  const listed = sources.migrations.map((migration): MigrationState => {
    const applied = stored.get(migration.id);
    if (!applied) return { id: migration.id, release: migration.release, state: 'pending' };
    const edited = applied.hash !== migration.hash && applied.state === 'applied';
    return { id: migration.id, release: migration.release, state: edited ? 'edited' : applied.state, appliedAt: applied.appliedAt };
  });
  const known = new Set(sources.migrations.map((migration) => migration.id));
  const missing = journal.migrations
    .filter((migration) => !known.has(migration.id))
    .map((migration): MigrationState => ({
      id: migration.id,
      release: migration.release,
      state: 'missing',
      appliedAt: migration.appliedAt,
    }));
  const run = journal.openRun;
  const leftover = await remainingLeftover(opened);
  const stopped = run?.steps.find((step) => step.state !== 'done') ?? run?.steps.at(-1);
  return {
    system: sources.manifest.system,
    target: target.name,
    targetDescription: target.description,
    protected: target.protected,
    serverVersion: session.serverVersion,
    release: currentRelease(journal),
    newest: releaseGraph(sources.manifest).newest?.version ?? null,
    migrations: [...listed, ...missing],
    ...(run && {
      interrupted: {
        run: run.id,
        plan: run.plan.id,
        direction: run.direction,
        from: run.from,
        to: run.to,
        step: stopped?.id ?? run.plan.steps[0]?.id ?? '',
        state: stopped?.state ?? 'pending',
        ...(run.error && { error: run.error.message }),
      },
    }),
    ...(leftover !== undefined && { leftover }),
    backups: await backupsOf(request, opened).list(),
  };
}
