import { describeDifferences } from '../catalogue/describe-differences';
import type { Difference } from '../../fact';
import type { ReplayStep, RoundTrip } from '../../observation';

export type Failure = NonNullable<RoundTrip['failure']>;

/** How many differences a message tells of. */
const mostTold = 3;

/** True for what a down script has to restore besides rows. */
export function isInSchema(difference: Difference): boolean {
  return !difference.cosmetic && !difference.object.startsWith('rows ');
}

export function failedUp(step: ReplayStep, failure: Failure): RoundTrip {
  return {
    id: step.id,
    up: 'error',
    down: 'none',
    upAgain: 'none',
    schemaRestored: null,
    rowsRestored: null,
    differences: [],
    failure,
    message: `The up script fails: ${sentence(failure.error.message)}`,
  };
}

export function withoutDown(step: ReplayStep): RoundTrip {
  return {
    id: step.id,
    up: 'ok',
    down: 'none',
    upAgain: 'none',
    schemaRestored: null,
    rowsRestored: null,
    differences: [],
    message: 'The migration has no down script.',
  };
}

/** The verdict on a round trip whose up worked. */
export function judge(
  step: ReplayStep,
  differences: readonly Difference[],
  failure: Failure | undefined,
  sameAgain: boolean,
  rowsLeftOut = false,
): RoundTrip {
  const downFailed = failure?.script === 'down';
  const failures = differences.filter((each) => !each.cosmetic);
  const inSchema = failures.filter(isInSchema).length;
  return {
    id: step.id,
    up: 'ok',
    down: downFailed ? 'error' : 'ok',
    upAgain: downFailed ? 'none' : failure ? 'error' : 'ok',
    schemaRestored: downFailed ? null : inSchema === 0,
    rowsRestored: downFailed ? null : failures.length > inSchema ? false : rowsLeftOut ? null : true,
    differences,
    failure,
    message: messageOf(differences, failures, failure, sameAgain),
  };
}

function messageOf(all: readonly Difference[], failures: readonly Difference[], failure: Failure | undefined, sameAgain: boolean): string {
  if (failure?.script === 'down') return `The down script fails: ${sentence(failure.error.message)}`;
  const first = verdictOf(all, failures);
  if (failure) return `${first}; then the up script fails: ${sentence(failure.error.message)}`;
  return sameAgain ? `${first}.` : `${first}; running the up script again produces a different schema than the first time.`;
}

function verdictOf(all: readonly Difference[], failures: readonly Difference[]): string {
  if (all.length === 0) return 'The down script restores the schema exactly';
  if (failures.length === 0)
    return `The down script restores the schema except for cosmetic differences (${describeDifferences(all, mostTold)})`;
  if (!failures.some(isInSchema)) return `The down script restores the schema but not the data: ${describeDifferences(failures, mostTold)}`;
  return `The down script does not restore the schema: ${describeDifferences(failures, mostTold)}`;
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
