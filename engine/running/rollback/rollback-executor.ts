import { readSchemaState } from '../../databases/postgresql/catalogue/fingerprint';
import { success, type Outcome } from '../../core/problem';
import { Journal, readJournal } from '../journal/journal';
import { lastOrdinal } from '../journal/journal-state';
import { PlanRunner, type RollbackPart, type RunContext, type RunResult } from '../plan-runner';
import { refusalOf } from '../upgrade-executor';
import type { PlannedRollback } from './rollback-planner';
import type { StateManager } from './state-manager';

/** Carries out plans of the way back. */
export class RollbackExecutor {
  constructor(private readonly stateManager: StateManager) {}

  /** Fails with `plan-invalid` or `plan-stale` before anything is changed; else as `UpgradeExecutor.executePlan`. */
  async executePlan(planned: PlannedRollback, context: RunContext): Promise<Outcome<RunResult>> {
    const { plan, boundary, texts, restores } = planned;
    const refusal = refusalOf(plan, context);
    if (refusal) return refusal;
    const expected = await this.stateManager.expectedState(context.session, context.state, plan.to, boundary);
    const part: RollbackPart = {
      boundary,
      transforms: new Map([...texts].flatMap(([id, text]) => (text.transform ? [[id, text.transform]] : []))),
      partial: new Map(context.state.migrations.flatMap(({ id, state }) => (state === 'partial' ? [[id, texts.get(id)?.up ?? '']] : []))),
      verify: (session) => this.stateManager.verifyState(session, expected),
      ...(restores && { restore: (running: RunContext, runId: string) => restore(running, runId, planned) }),
    };
    return success(await new PlanRunner(context, plan, boundary, part).run());
  }
}

/**
 * Restores the backup and begins the run anew in the journal that came back with it: a run that was at work when the backup
 * was taken has, in the restored state, done nothing.
 */
async function restore(context: RunContext, runId: string, planned: PlannedRollback) {
  const { restores, plan } = planned;
  if (!restores) throw new Error('there is no backup to restore');
  const { host, sources, backups, signal } = context;
  const { session, problem } = await backups.restore(context.session, restores, { ...(signal && { signal }) });
  const journal = await Journal.open(session, { clock: host.clock, system: sources.manifest.system });
  if (problem) return { session, journal, problem };
  const state = await readJournal(session);
  const schema = await readSchemaState(session);
  const boundary = lastOrdinal(state);
  await journal.beginRun({ id: runId, plan, manifest: sources.manifestText, boundary, schema, holder: host.holder });
  return { session, journal };
}
