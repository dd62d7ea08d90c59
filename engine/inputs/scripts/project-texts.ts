import type { Files } from '../../core/host';
import { outcomeOf } from '../../core/problem';
import { joined } from '../../core/paths';
import type { Listing } from './listing';

/** Files in which projects start their migration tool, with the settings on its command line, in its address or its environment. */
const startingFiles =
  /^(?:Makefile|makefile|GNUmakefile|[Jj]ustfile|Taskfile\.ya?ml|package\.json|(?:docker-)?compose[\w.-]*\.ya?ml|Dockerfile|\.env[\w.-]*|\.envrc|atlas\.hcl|sqitch\.conf|dbconfig\.ya?ml|diesel\.toml|database\.json|[\w.-]+\.sh|pom\.xml|build\.gradle(?:\.kts)?|application[\w.-]*\.(?:properties|ya?ml))$/;
const mostFiles = 40;

/** The first of the files around a directory that start its tool in which the pattern is found; undefined without one. */
export async function startingFileWith(files: Files, listing: Listing, pattern: RegExp): Promise<string | undefined> {
  for await (const { path, text } of startingFilesOf(files, listing)) if (pattern.test(text)) return path;
  return undefined;
}

/** The files around a directory that start its tool, nearest first. */
export async function* startingFilesOf(files: Files, listing: Listing): AsyncIterable<{ path: string; text: string }> {
  const candidates = listing.around.flatMap(({ path, names }) =>
    names.filter((name) => startingFiles.test(name)).map((name) => joined(path, name)),
  );
  for (const path of candidates.slice(0, mostFiles)) {
    const text = await outcomeOf(() => files.readText(path));
    if (text.ok) yield { path, text: text.value };
  }
}
