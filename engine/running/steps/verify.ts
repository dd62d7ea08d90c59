import type { HealthCheck } from '../../inputs/manifest/schema';
import type { ScriptWrite } from '../../databases/row-record';
import { readRows } from '../journal/journal-reading';
import type { RecordedSchema } from '../journal/journal-state';
import type { BackupInfo, VerdictPart } from '../plan';
import type { Run } from '../run/run';
import { rowVerdict } from '../verification/row-verdict';
import { StateManager } from '../verification/state-manager';
import { performCheck, shownCheck } from './check';
import type { StepKind, StepOf } from './step';

/** After an upgrade a health check of the release; after a rollback a comparison of the schema. */
export type VerifyStep = StepOf<
  'verify',
  | { readonly check: HealthCheck }
  | {
      /** Undefined where the journal has no record of the state. */
      readonly schema: RecordedSchema | undefined;
      readonly rows: ExpectedRows | undefined;
    }
>;

/** With which rows those of a rollback are compared. */
export type ExpectedRows =
  /** The backup was compared when it was restored. */
  | { readonly backup: BackupInfo }
  | {
      /** Where the records of the journal begin. */
      readonly since: { readonly state: string } | { readonly run: string };
      /** What the scripts that are undone, and their down scripts, change. */
      readonly writes: readonly ScriptWrite[];
    };

export function verifyCheckStep(release: string, check: HealthCheck, index: number): VerifyStep {
  return { ...shownCheck('verify', release, 'after', check, index), payload: { check } };
}

export function verifyStateStep(to: string | null, schema: RecordedSchema | undefined, rows: ExpectedRows | undefined): VerifyStep {
  return {
    id: `${to ?? 'empty'}/state`,
    kind: 'verify',
    direction: 'down',
    title: `Compare schema and rows with those of ${to ?? 'the empty target'}`,
    release: to ?? '',
    transactional: true,
    payload: { schema, rows },
  };
}

export const verifyKind: StepKind<VerifyStep> = {
  async perform(run, step) {
    if ('check' in step.payload) return performCheck(run, step, step.payload.check);
    await run.intend(step);
    const schema = await new StateManager(run.database.catalogue).verifyState(run.session, step.payload.schema);
    const rows = await verifyRows(run, step.payload.rows);
    run.verdict = { schema, rows };
    await run.done(step);
    return `${schema.message} ${rows.message}`;
  },
};

async function verifyRows(run: Run, expected: ExpectedRows | undefined): Promise<VerdictPart> {
  if (!expected) return { result: 'not-compared', message: 'The rows were not compared: the journal has no record of them.' };
  if ('backup' in expected) {
    const { id, createdAt } = expected.backup;
    return { result: 'same', message: `The rows are those of backup ${id}, taken ${createdAt}.` };
  }
  const history = await readRows(run.session, expected.since);
  return rowVerdict({ history, run: run.id, now: await run.rows.read(run.session), writes: expected.writes });
}
