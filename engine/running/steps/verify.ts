import type { SchemaState } from '../../databases/schema-state';
import type { HealthCheck } from '../../inputs/manifest/schema';
import { StateManager } from '../verification/state-manager';
import { performCheck, shownCheck } from './check';
import type { StepKind, StepOf } from './step';

/** After an upgrade a health check of the release; after a rollback a comparison of the schema. */
export type VerifyStep = StepOf<
  'verify',
  | { readonly check: HealthCheck }
  /** Undefined where the journal has no record of the state. */
  | { readonly schema: SchemaState | undefined }
>;

export function verifyCheckStep(release: string, check: HealthCheck, index: number): VerifyStep {
  return { ...shownCheck('verify', release, 'after', check, index), payload: { check } };
}

export function verifySchemaStep(to: string | null, schema: SchemaState | undefined): VerifyStep {
  return {
    id: `${to ?? 'empty'}/state`,
    kind: 'verify',
    direction: 'down',
    title: `Compare the schema with that of ${to ?? 'the empty target'}`,
    release: to ?? '',
    transactional: true,
    payload: { schema },
  };
}

export const verifyKind: StepKind<VerifyStep> = {
  async perform(run, step) {
    if ('check' in step.payload) return performCheck(run, step, step.payload.check);
    await run.intend(step);
    const verdict = await new StateManager(run.database.catalogue).verifyState(run.session, step.payload.schema);
    if (!verdict.equal) run.leftover = verdict.message;
    await run.done(step);
    return verdict.message;
  },
};
