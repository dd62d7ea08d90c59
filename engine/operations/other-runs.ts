import type { ReportProgress } from '../core/host';
import { ProblemError } from '../core/problem';
import type { LockOptions, TargetSession } from '../databases/target';
import { stalePlan } from '../running/execution/upgrade-executor';
import { readHead, readJournal, readLiveJournal, readRunAfter } from '../running/journal/journal-reading';
import { type JournalState, type OpenRun, type OtherRun, placeOf } from '../running/journal/journal-state';
import type { Plan } from '../running/plan';
import type { EngineHost } from '../running/engine-host';

/** Whether work that was asked for still is what was meant once another run in that direction has finished. */
export type IsStillWanted = (direction: OtherRun['direction']) => boolean;

/** What waiting for another run needs of an installation. */
interface Waiting {
  readonly host: Pick<EngineHost, 'holder'>;
  readonly signal?: AbortSignal;
  readonly onProgress?: ReportProgress;
  readonly waitMs?: number;
}

const defaultWaitMs = 10_000;

/** How the lock of a run is taken for an installation. `what` says what the run that holds it does, where that is known. */
export function lockOptions(installation: Waiting, what?: string): LockOptions {
  const { host, signal, waitMs = defaultWaitMs } = installation;
  const run = what === undefined ? '' : `: ${what}`;
  const report = reportWait(installation, 'Another run is in progress');
  return { waitMs, holder: host.holder, signal, onWait: (holder, ms) => report(`${holder}${run}`, ms) };
}

/** Shows as progress that a program is waited for. */
export function reportWait({ onProgress }: Waiting, title: string): (what: string, ms: number) => void {
  return (what, ms) => onProgress?.({ step: 0, steps: 0, title, waiting: { what, ms } });
}

/**
 * The journal of a target on which no other run is in progress, after waiting for one that is.
 * @throws ProblemError `lock-held` when the run takes longer than the installation waits, `plan-stale` when it finished and the work is no
 * longer wanted, and those of `readJournal`
 */
export async function journalAtRest(installation: Waiting, session: TargetSession, isStillWanted: IsStillWanted): Promise<JournalState> {
  for (;;) {
    const journal = await readLiveJournal(session);
    const run = journal.openRun;
    if (run?.runner === undefined) return journal;
    await waitFor(installation, session, run);
    const { openRun } = await readJournal(session);
    if (openRun?.id !== run.id && !isStillWanted(run.direction)) {
      throw new ProblemError({
        code: 'plan-stale',
        message: `While this command waited, another run changed the target: the ${wayOf(run)} by ${run.runner} finished.`,
        remedy: 'Check the status of the target. For a rollback, name the release with --to.',
      });
    }
  }
}

async function waitFor(installation: Waiting, session: TargetSession, run: OpenRun): Promise<void> {
  try {
    const lock = await session.lock(lockOptions(installation, wayOf(run)));
    await lock.release();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'lock-held') throw error;
    const { openRun = run } = await readLiveJournal(session);
    throw new ProblemError({ ...error.problem, message: `${error.problem.message} It carries out the ${progressOf(openRun)}.` });
  }
}

/** `upgrade from 1.0.0 to 2.0.0, step 3 of 9 ("Apply 0004") since 2026-11-30T22:04:05.000Z` */
function progressOf(run: OpenRun): string {
  const { done, total, title, since } = placeOf(run);
  return `${wayOf(run)}, step ${Math.min(done + 1, total)} of ${total} ("${title}") since ${since}`;
}

function wayOf({ direction, from, to }: Pick<OpenRun, 'direction' | 'from' | 'to'>): string {
  return `${direction} from ${from ?? 'empty'} to ${to ?? 'empty'}`;
}

/**
 * The journal under the lock of the run, for a plan that was made before. It is read again when another run was faster.
 * @throws ProblemError `plan-stale` when the work is no longer wanted after that run
 */
export async function journalUnderLock(
  session: TargetSession,
  { id, basis }: Plan,
  before: JournalState,
  isStillWanted: IsStillWanted,
): Promise<JournalState> {
  if ((await readHead(session)) === basis.journal) return before;
  const other = await readRunAfter(session, { id, head: basis.journal });
  if (!other || !isStillWanted(other.direction)) throw new ProblemError(stalePlan(id, otherRun(other)));
  return readJournal(session);
}

/** @throws ProblemError `plan-stale` for a plan that is not the one that was seen, with what has changed since where that can be known */
export async function requirePlan(session: TargetSession, seen: { planId?: string; basis?: Plan['basis'] }, plan: Plan): Promise<void> {
  const { planId: id, basis } = seen;
  if (id === undefined || id === plan.id) return;
  const other = await readRunAfter(session, { id, head: basis?.journal });
  if (other || (basis && basis.journal !== plan.basis.journal)) throw new ProblemError(stalePlan(id, otherRun(other)));
  throw new ProblemError(stalePlan(id, changedSince(basis, plan.basis)));
}

function changedSince(seen: Plan['basis'] | undefined, now: Plan['basis']): string {
  if (!seen) return 'the manifest, a migration, an option or the target was changed';
  if (seen.manifest !== now.manifest) return 'the manifest was changed';
  return seen.migrations === now.migrations ? 'an option or the description of the target was changed' : 'a migration was changed';
}

/** The end of a sentence: what another run did to the target, by whom and when, where the journal says so. */
function otherRun(run: OtherRun | undefined): string {
  if (!run) return 'another run or a restore changed the target';
  const { direction, from, to, holder, state, finishedAt } = run;
  const way = `from ${from ?? 'empty'} to ${to ?? 'empty'}`;
  if (state !== 'done') return `another run changed the target: the ${direction} ${way} by ${holder}, which did not finish`;
  const verb = direction === 'upgrade' ? 'upgraded it' : 'rolled it back';
  return `another run changed the target: ${holder} ${verb} ${way}, finished ${finishedAt ?? 'at an unknown time'}`;
}
