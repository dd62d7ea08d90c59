import type { ProblemCode } from '../../core/problem';
import { LineIndex, type TextRange } from '../../core/text';
import type { ManifestDocument, ManifestPath, ManifestProblem } from './document';
import { pathAtOffset, rangeAt, type Place } from './place';
import { validate } from './validate';
import { readYaml, type SyntaxProblem } from './yaml-tree';

/**
 * Reads an upgrade manifest. Never throws for what is in the text: whatever does not fit is reported in `problems` with its
 * range, and everything else is kept. `path` is absolute and only passed through.
 */
export function parseManifest(path: string, text: string): ManifestDocument {
  const lines = new LineIndex(text);
  const tree = readYaml(text);
  const place: Place = tree.place ?? { key: undefined, value: { start: 0, end: 0 }, children: undefined, flow: false, elsewhere: false };
  const problems: ManifestProblem[] = [];
  const report = (code: ProblemCode, range: TextRange, at: ManifestPath, message: string, remedy: string, replacement?: string): void => {
    const line = lines.positionAt(range.start).line + 1;
    problems.push({ code, message, remedy, file: path, line, range, path: at, replacement });
  };

  for (const problem of tree.problems) report('manifest-syntax', problem.range, problem.path, problem.message, problem.remedy);
  const isEmpty = tree.value === undefined || tree.value === null;
  if (isEmpty && problems.length === 0) {
    report('manifest-empty', { start: 0, end: 0 }, [], 'The manifest is empty.', 'Start with `manifest: 1`, `system:` and `releases:`.');
  }
  const { manifest, releaseIndexes, problems: invalid } = isEmpty ? nothing : validate(tree.value);
  const hasSyntaxProblems = tree.problems.length > 0;
  for (const problem of invalid) {
    const range = rangeAt(place, problem.path, problem.part);
    if (saidBefore(tree.problems, problem.path, range) || (problem.absent && hasSyntaxProblems)) continue;
    report('manifest-invalid', range, problem.path, problem.message, problem.remedy, problem.replacement);
  }
  problems.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);

  return {
    path,
    text,
    manifest,
    problems,
    releaseIndexes,
    rangeOf: (at, part = 'value') => rangeAt(place, at, part),
    pathAt: (offset) => pathAtOffset(place, offset, lines),
  };
}

const nothing = { manifest: undefined, releaseIndexes: [], problems: [] } as const;

/** A value that could not be read is null, which needs no second complaint. */
function saidBefore(problems: readonly SyntaxProblem[], path: ManifestPath, range: TextRange): boolean {
  return problems.some((known) => {
    const sameRange = known.range.start === range.start && known.range.end === range.end;
    return sameRange || (path.length > 0 && known.path.length === path.length && known.path.every((key, index) => key === path[index]));
  });
}
