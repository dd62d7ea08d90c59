import type { Files } from '../../core/host';
import { outcomeOf } from '../../core/problem';

/** What a service for continuous integration says of the change that it builds. */
export interface BuiltChange {
  /** The branch that a pull request is to be merged into. */
  readonly into: string | undefined;
  /** The commit that the branch was at before the push; `unknown` when the service says something that is no commit. */
  readonly before: string | 'unknown' | undefined;
}

/** GitHub, GitLab, Bitbucket, Azure Pipelines, Jenkins, Buildkite: the variable that names the branch a pull request goes into. */
const branchVariables = [
  'GITHUB_BASE_REF',
  'CI_MERGE_REQUEST_TARGET_BRANCH_NAME',
  'BITBUCKET_PR_DESTINATION_BRANCH',
  'SYSTEM_PULLREQUEST_TARGETBRANCH',
  'CHANGE_TARGET',
  'BUILDKITE_PULL_REQUEST_BASE_BRANCH',
];

type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined outside of continuous integration, which every service marks with `CI`. */
export async function builtChange(environment: Environment, files: Files): Promise<BuiltChange | undefined> {
  const mark = environment['CI'];
  if (mark === undefined || mark === '' || mark === 'false' || mark === '0') return undefined;
  const into = branchVariables.map((name) => environment[name]).find((value) => value !== undefined && value !== '');
  const before = environment['CI_COMMIT_BEFORE_SHA'] ?? (await beforeOfEvent(environment['GITHUB_EVENT_PATH'], files));
  const isCommit = before !== undefined && /^[0-9a-f]{40,64}$/.test(before) && !/^0+$/.test(before);
  return { into: into?.replace(/^refs\/heads\//, ''), before: isCommit || before === undefined ? before : 'unknown' };
}

/** `before` of the event that started a GitHub workflow; undefined for events that are no push, `unknown` where it cannot be read. */
async function beforeOfEvent(path: string | undefined, files: Files): Promise<string | undefined> {
  if (path === undefined || path === '') return undefined;
  const text = await outcomeOf(() => files.readText(path));
  if (!text.ok) return 'unknown';
  try {
    const event: unknown = JSON.parse(text.value);
    if (typeof event !== 'object' || event === null) return 'unknown';
    if (!('before' in event)) return undefined;
    return typeof event.before === 'string' ? event.before : 'unknown';
  } catch {
    return 'unknown';
  }
}
