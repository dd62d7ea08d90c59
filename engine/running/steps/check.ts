import { parentFolder } from '../../core/paths';
import { ProblemError } from '../../core/problem';
import type { HealthCheck } from '../../inputs/manifest/schema';
import { describeCheck, runHealthCheck } from '../verification/health-checks';
import type { PlanStep } from '../plan';
import type { Run } from '../run/run';
import type { StepKind, StepOf } from './step';

/** A health check before a release is applied. */
export type CheckStep = StepOf<'check', HealthCheck>;

export function checkStep(release: string, check: HealthCheck, index: number): CheckStep {
  return { ...shownCheck('check', release, 'before', check, index), payload: check };
}

/** The step of a health check, without payload. */
export function shownCheck<Kind extends PlanStep['kind']>(
  kind: Kind,
  release: string,
  when: 'before' | 'after',
  check: HealthCheck,
  index: number,
) {
  return {
    id: `${release}/check/${when}#${index + 1}`,
    kind,
    direction: 'up' as const,
    title: `Check ${when} ${release}: ${check.name ?? describeCheck(check)}`,
    release,
    transactional: true,
    detail: describeCheck(check),
  };
}

export const checkKind: StepKind<CheckStep> = {
  perform: (run, step) => performCheck(run, step, step.payload),
};

/** @throws ProblemError `check-failed` */
export async function performCheck(run: Run, step: PlanStep, check: HealthCheck): Promise<string> {
  await run.intend(step);
  const { result, message } = await runHealthCheck(check, {
    session: run.session,
    folder: parentFolder(run.sources.manifestPath),
    environment: run.host.environment,
    signal: run.signal,
  });
  if (result !== 'passed') {
    throw new ProblemError({
      code: 'check-failed',
      message: `${step.title} ${result === 'failed' ? 'did not pass' : 'could not be run'}. ${message}`,
      remedy: '',
    });
  }
  await run.done(step);
  return message;
}
