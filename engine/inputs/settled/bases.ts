import type { BuiltChange } from './continuous-integration';
import type { Repository } from './repository';

/** A commit whose migrations are settled. */
export interface SettledBase {
  readonly commit: string;
  /** What the commit is, for people: `the merge base with origin/main`. */
  readonly name: string;
}

const lastCommit = 'the last commit';

/** Names of default branches, the likeliest first. */
const usualBranches = ['main', 'master', 'trunk', 'develop'];

/**
 * The commits whose migrations can no longer be changed, worked out from the repository that a folder is in:
 * on a branch, the merge base with the default branch; on the default branch, what is pushed, or what is committed where there is no
 * remote; in continuous integration on the default branch, what was there before the push. The newest tag of a version is one too.
 * `bases` is empty outside of a repository and before the first commit; `missing` names the branch of which the clone has too little.
 */
export async function automaticBases(
  repository: Repository,
  folder: string,
  change: BuiltChange | undefined,
): Promise<{ readonly bases: readonly SettledBase[]; readonly missing?: string | undefined }> {
  const head = await repository.commit(folder, 'HEAD');
  if (head === undefined) return { bases: [] };
  const base = await branchBase(repository, folder, head, change);
  const bases = [base, await versionTag(repository, folder)].filter((each) => each !== undefined);
  const wanted = change?.into ?? (change?.before === undefined ? 'the default branch' : 'the commit before the push');
  return { bases, missing: base ? undefined : wanted };
}

/** Where the history of a name and the current branch part; undefined when the name means no commit or there is no common history. */
export async function namedBase(repository: Repository, folder: string, name: string): Promise<SettledBase | undefined> {
  const commit = await repository.commit(folder, name);
  const base = commit === undefined ? undefined : await repository.ask(folder, 'merge-base', 'HEAD', commit);
  return base === undefined ? undefined : { commit: base, name: base === commit ? name : `the merge base with ${name}` };
}

async function branchBase(
  repository: Repository,
  folder: string,
  head: string,
  change: BuiltChange | undefined,
): Promise<SettledBase | undefined> {
  const branch = await repository.ask(folder, 'symbolic-ref', '--quiet', '--short', 'HEAD');
  const target = change?.into === undefined ? undefined : await branchNamed(repository, folder, change.into);
  if (change?.into !== undefined && target === undefined) return undefined;
  const main = target ?? (await defaultBranch(repository, folder));
  const base = main === undefined ? undefined : await namedBase(repository, folder, main);
  if (main === undefined) return (await repository.ask(folder, 'remote')) === undefined ? { commit: head, name: lastCommit } : undefined;
  if (base === undefined) return undefined;
  if (change && base.commit === head) return beforePush(repository, folder, change);
  if (base.commit !== head) return base;
  return { commit: head, name: main === branch ? lastCommit : main };
}

async function beforePush(repository: Repository, folder: string, change: BuiltChange): Promise<SettledBase | undefined> {
  if (change.before === 'unknown') return undefined;
  const isSaid = change.before !== undefined;
  const commit = await repository.commit(folder, change.before ?? 'HEAD^1');
  return commit === undefined ? undefined : { commit, name: isSaid ? 'the commit before the push' : 'the commit before the last one' };
}

/** A branch by its short name, as a remote has it where one does. */
async function branchNamed(repository: Repository, folder: string, name: string): Promise<string | undefined> {
  return (await branches(repository, folder, [name])).map(({ short }) => short)[0];
}

/** What the remote calls its default branch, or the branch with the likeliest name. */
async function defaultBranch(repository: Repository, folder: string): Promise<string | undefined> {
  const found = await branches(repository, folder, ['HEAD', ...usualBranches]);
  return found.map(({ short, target }) => target ?? short)[0];
}

/** Branches of these names, those of remotes first, then by the order of the names. `target`: what a remote's HEAD stands for. */
async function branches(
  repository: Repository,
  folder: string,
  names: readonly string[],
): Promise<readonly { readonly short: string; readonly target: string | undefined }[]> {
  const patterns = names.flatMap((name) => [`refs/remotes/*/${name}`, ...(name === 'HEAD' ? [] : [`refs/heads/${name}`])]);
  const output = await repository.ask(folder, 'for-each-ref', '--format=%(refname) %(symref)', ...patterns);
  const found = (output ?? '').split('\n').flatMap((line) => {
    const [ref = '', symref = ''] = line.trim().split(' ');
    const name = names.find((each) => ref.endsWith(`/${each}`));
    if (name === undefined || (name === 'HEAD' && symref === '')) return [];
    const rank = [ref.startsWith('refs/remotes/origin/') ? 0 : ref.startsWith('refs/remotes/') ? 1 : 2, names.indexOf(name)] as const;
    return [{ short: shortName(ref), target: symref === '' ? undefined : shortName(symref), rank }];
  });
  return found.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]);
}

function shortName(ref: string): string {
  return ref.replace(/^refs\/(?:heads|remotes)\//, '');
}

async function versionTag(repository: Repository, folder: string): Promise<SettledBase | undefined> {
  const words = ['--merged=HEAD', '--sort=-creatordate', '--format=%(refname:short)', 'refs/tags'];
  const tags = (await repository.ask(folder, 'for-each-ref', ...words))?.split('\n') ?? [];
  const tag = tags.find((name) => /\d+\.\d+/.test(name));
  const commit = tag === undefined ? undefined : await repository.commit(folder, `refs/tags/${tag}`);
  return tag === undefined || commit === undefined ? undefined : { commit, name: tag };
}
