import type { Finding, Fix, TextEdit } from '#engine/core/finding';
import { ProblemError } from '#engine/core/problem';
import { type MemoryFiles, memoryFiles } from '#engine/host/memory-files';
import type { ScoreCase } from './case-format';
import { nameOf } from './case-project';
import { analyseCase, type CaseAnalysis, type Judges } from './run-case';

/** Whether one fix of one finding does what it says. */
export interface FixOutcome {
  readonly finding: Finding;
  readonly title: string;
  /** Undefined for a fix that is good: the text parses, the finding is gone, and no other came but advice. */
  readonly problem: string | undefined;
}

/** Applies every fix of every finding, each to the untouched files, and checks what the files are like then. */
export async function checkFixes(each: ScoreCase, files: MemoryFiles, before: CaseAnalysis, judges: Judges): Promise<FixOutcome[]> {
  const outcomes: FixOutcome[] = [];
  for (const finding of before.findings) {
    for (const fix of finding.fixes) {
      outcomes.push({ finding, title: fix.title, problem: await fixProblem(each, files, before, finding, fix, judges) });
    }
  }
  return outcomes;
}

async function fixProblem(
  each: ScoreCase,
  files: MemoryFiles,
  before: CaseAnalysis,
  finding: Finding,
  fix: Fix,
  judges: Judges,
): Promise<string | undefined> {
  const fixed = withEdits(files, fix.edits);
  if (typeof fixed === 'string') return fixed;
  try {
    const after = await analyseCase(each, fixed, judges);
    const broken = brokenStatements(after).find((text) => !brokenStatements(before).includes(text));
    if (broken !== undefined) return `the fixed text does not parse: ${broken}`;
    if (after.analysis.shadowProblem) return after.analysis.shadowProblem.message;
    if (countLike(after, finding) >= countLike(before, finding)) return 'the finding is still there';
    const known = new Set(before.findings.flatMap(namesOf));
    const weighty = after.findings.filter(({ group }) => group !== 'advice');
    const added = [...new Set(weighty.flatMap(namesOf))].filter((name) => !known.has(name));
    return added.length === 0 ? undefined : `it brings new findings: ${added.join(', ')}`;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problem.message;
  }
}

/** The files after the edits, or why the edits cannot be applied. A file that does not exist yet is created. */
function withEdits(files: MemoryFiles, edits: readonly TextEdit[]): MemoryFiles | string {
  const texts = files.texts();
  for (const file of new Set(edits.map((edit) => edit.file))) {
    let text = texts[file] ?? '';
    let end = text.length;
    const own = edits.filter((edit) => edit.file === file).map((edit, order) => ({ ...edit, order }));
    for (const { range, newText } of own.sort((a, b) => b.range.start - a.range.start || b.order - a.order)) {
      if (range.end > end || range.start > range.end) return `its edits overlap, or lie outside ${nameOf(file)}`;
      text = text.slice(0, range.start) + newText + text.slice(range.end);
      end = range.start;
    }
    texts[file] = text;
  }
  return memoryFiles(Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, text ?? ''])));
}

function brokenStatements({ scripts }: CaseAnalysis): string[] {
  return scripts.flatMap(({ statements }) => statements.filter(({ error }) => error).map(({ text }) => text));
}

function countLike({ findings }: CaseAnalysis, { id, hazards }: Finding): number {
  return findings.filter((finding) => finding.id === id && String(finding.hazards) === String(hazards)).length;
}

function namesOf({ id, hazards }: Finding): string[] {
  return hazards.length === 0 ? [id] : hazards.map((hazard) => `${id} ${hazard}`);
}
