import { parentFolder } from '#engine/core/paths';

/** The path itself, then the folders that it is in, the root last. */
export function* selfAndAncestors(path: string): Generator<string> {
  for (let current = path; ; current = parentFolder(current)) {
    yield current;
    if (parentFolder(current) === current) return;
  }
}

/** Whether one of the paths is this one or a folder above it. */
export function isAtOrBelow(path: string, paths: ReadonlySet<string>): boolean {
  for (const each of selfAndAncestors(path)) if (paths.has(each)) return true;
  return false;
}
