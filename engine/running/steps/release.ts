import type { Release } from '../../inputs/manifest/schema';
import type { StepKind, StepOf } from './step';

/** Marks a release as reached, or as left when it is rolled back. */
export type ReleaseStep = StepOf<'release', ReachedRelease | 'left'>;

/** What the journal keeps of a release that is reached. */
interface ReachedRelease {
  readonly rollback: Release['rollback'];
  /** The oldest release that may still run against the schema. */
  readonly minReader: string;
}

export function releaseStep(release: string, isStop: boolean, payload: ReachedRelease): ReleaseStep {
  const title = `Mark release ${release} as ${isStop ? 'reached' : 'passed'}`;
  return { id: `${release}/release`, kind: 'release', direction: 'up', title, release, transactional: true, payload };
}

export function leaveStep(release: string): ReleaseStep {
  const title = `Mark release ${release} as rolled back`;
  return { id: `${release}/leave`, kind: 'release', direction: 'down', title, release, transactional: true, payload: 'left' };
}

export const releaseKind: StepKind<ReleaseStep> = {
  async perform(run, step) {
    const { release, payload } = step;
    const isLast = run.plan.to === release;
    await run.intend(step);
    const effect =
      payload === 'left'
        ? { left: release }
        : {
            reached: {
              release,
              schema: await run.database.catalogue.readSchema(run.session),
              rows: await run.rows.at(release, isLast, run.session),
              ...payload,
            },
          };
    await run.transaction(step, () => run.done(step, effect));
    return undefined;
  },
};
