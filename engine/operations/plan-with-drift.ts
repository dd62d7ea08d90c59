import type { Drifted } from '../databases/fact';
import { requireWhole } from '../running/journal/journal-reading';
import type { PlannedRun } from '../running/planning/planned-run';
import { findDrift, requireAccepted } from '../running/verification/drift';
import type { OpenedTarget } from './installation';

/**
 * Makes a plan that lists what was changed outside the journal.
 * @throws ProblemError `journal-damaged` for a journal in which rows are missing, `drift-found` for a change that is not accepted by name
 */
export async function withDrift(
  { session, journal, sources }: OpenedTarget,
  accept: readonly string[] | undefined,
  plan: (drift: readonly Drifted[] | undefined) => Promise<PlannedRun>,
): Promise<PlannedRun> {
  if (journal.exists) await requireWhole(session);
  const drift = await findDrift(sources.database.catalogue, session, journal);
  const planned = await plan(drift);
  if (planned.steps.length > 0) requireAccepted(drift ?? [], planned.plan, accept);
  return planned;
}
