import { createHash, type Hash } from 'node:crypto';

/** Where a directory is not what its `atlas.sum` says. */
interface SumProblem {
  /** `changed`: the file, or one that was put before it. `added`: the sum has no such file. `removed`: the directory has none. */
  readonly kind: 'changed' | 'added' | 'removed';
  readonly name: string;
}

/**
 * Compares a directory with its `atlas.sum`: a line a file, in their order, with the SHA-256 of all names and contents up to and with
 * that file, in base64. One change therefore changes every later line too; only the first difference is told. A file with the
 * directive `atlas:sum ignore` counts by its name alone and has no line. A sum without lines says nothing.
 * @param files in the order of their names
 */
export function compareWithSum(sum: string, files: readonly { readonly name: string; readonly text: string }[]): SumProblem | undefined {
  const lines = sum.split(/\r?\n/).flatMap((line) => {
    const match = /^(\S.*?) h1:(\S+)\s*$/.exec(line);
    return match ? [{ name: match[1] ?? '', hash: match[2] ?? '' }] : [];
  });
  if (lines.length === 0) return undefined;
  // A checkout may have changed the ends of lines, and with them what Atlas saw.
  return [(text: string) => text, (text: string) => text.replaceAll('\r\n', '\n')]
    .map((normalise) =>
      firstDifference(
        lines,
        files.map(({ name, text }) => ({ name, text: normalise(text) })),
      ),
    )
    .reduce((first, second) => first && second);
}

function firstDifference(
  lines: readonly { readonly name: string; readonly hash: string }[],
  files: readonly { readonly name: string; readonly text: string }[],
): SumProblem | undefined {
  const hash: Hash = createHash('sha256');
  let next = 0;
  for (const { name, text } of files) {
    hash.update(name);
    if (isIgnored(text)) continue;
    hash.update(text);
    const line = lines[next];
    if (line?.name === name) {
      if (hash.copy().digest('base64') !== line.hash) return { kind: 'changed', name };
      next++;
      continue;
    }
    const isListed = lines.some((other) => other.name === name);
    return isListed && line ? { kind: 'removed', name: line.name } : { kind: 'added', name };
  }
  const left = lines[next];
  return left && { kind: 'removed', name: left.name };
}

function isIgnored(text: string): boolean {
  return /^(?:(?:--|#)[^\n]*\n)*?(?:--|#)[ -~]*?atlas:sum +ignore\s*$/m.test(text.split(/\r?\n\r?\n/)[0] ?? '');
}
