import type { Check } from '#engine/checking/checks/check';
import type { ScriptContext } from '#engine/checking/context/context';
import { runChecks } from '#engine/checking/checks/runner/run-checks';
import { type Finding, ungrouped } from '#engine/core/finding';
import { ProblemError } from '#engine/core/problem';
import { LineIndex } from '#engine/core/text';
import type { MemoryFiles } from '#engine/host/memory-files';
import { analyse, type Analysis } from '#engine/checking/analysis/analysis';
import type { Shadow } from '#engine/databases/observation';
import type { ScoreCase } from './case-format';
import { caseProject, filesOf, isBefore, isLoose, nameOf, statisticsOf } from './case-project';
import { checkFixes, type FixOutcome } from './fixes';
import { judge, type Verdict } from './judge';

/** What one case showed. */
export interface CaseResult extends Verdict {
  readonly case: ScoreCase;
  /** Why the case shows nothing: it cannot be opened, or its scripts fail where they are not meant to. */
  readonly broken: string | undefined;
  readonly findings: readonly Finding[];
  readonly fixes: readonly FixOutcome[];
  readonly milliseconds: number;
}

/** What cases are judged with. */
export interface Judges {
  readonly shadow: Shadow;
  readonly checks: readonly Check[];
}

/** What an analysis of a case's files found in the scripts under test. */
export interface CaseAnalysis {
  readonly analysis: Analysis;
  readonly findings: readonly Finding[];
  readonly scripts: readonly ScriptContext[];
}

/** Analyses a case, compares it with what the case says, and tries every fix that was offered. */
export async function runCase(each: ScoreCase, judges: Judges): Promise<CaseResult> {
  const started = performance.now();
  const result = await attempt(each, judges);
  return { ...result, case: each, milliseconds: performance.now() - started };
}

async function attempt(each: ScoreCase, judges: Judges): Promise<Omit<CaseResult, 'case' | 'milliseconds'>> {
  try {
    const files = await filesOf(each);
    const first = await analyseCase(each, files, judges);
    const verdict = judge(each, first.findings, first.scripts);
    const broken = first.analysis.shadowProblem?.message ?? unexpectedFailure(each, first, verdict);
    const fixes = broken === undefined ? await checkFixes(each, files, first, judges) : [];
    return { ...verdict, broken, findings: first.findings, fixes };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const expected = each.expect.map((expectation) => ({ expectation, found: false, exact: undefined }));
    return { expected, falseAlarms: [], broken: error.problem.message, findings: [], fixes: [] };
  }
}

/**
 * Checks a case's files as they are now.
 * @throws ProblemError when they cannot be opened
 */
export async function analyseCase(each: ScoreCase, files: MemoryFiles, { shadow, checks }: Judges): Promise<CaseAnalysis> {
  const project = await caseProject(each, files, checks);
  const withDowns = project.directory?.migrations.filter(({ down }) => down).map(({ id }) => id) ?? [];
  const analysis = await analyse(project, { shadow, checks, rehearse: withDowns.length === 0 ? 'none' : new Set(withDowns) });
  const statistics = statisticsOf(each);
  const findings = ungrouped(
    statistics ? runChecks({ ...analysis.context, statistics }, checks, project.configuration) : analysis.findings,
  );
  const scripts = analysis.context.chain.flatMap(({ up, down }) => (down ? [up, down] : [up]));
  return {
    analysis,
    findings: findings.filter(({ file }) => !isBefore(file)),
    scripts: scripts.filter(({ script }) => !isBefore(script.file)),
  };
}

/** A script that fails where nothing is expected shows nothing about what is forbidden in it. */
function unexpectedFailure(each: ScoreCase, { analysis, scripts }: CaseAnalysis, { expected }: Verdict): string | undefined {
  for (const { up, observation } of analysis.context.chain) {
    const sql = up.statements.filter(({ kind }) => kind === 'sql');
    const index = observation?.statements.findIndex(({ error }) => error && error.gaveUp === undefined) ?? -1;
    const statement = sql[index];
    if (!statement || isLoose(each)) continue;
    const { file, text } = up.script;
    const message = observation?.statements[index]?.error?.message ?? '';
    if (isBefore(file)) return `\`before\` fails: ${message}`;
    const lines = new LineIndex(text);
    const [first, last] = [statement.start, statement.end].map((offset) => lines.positionAt(offset).line + 1);
    const isExpected = expected.some(
      ({ expectation }) =>
        (expectation.file === undefined || scripts.length === 1 || nameOf(file) === expectation.file) &&
        (first ?? 0) <= expectation.line &&
        expectation.line <= (last ?? 0),
    );
    if (!isExpected) return `The statement on line ${first ?? 0} of ${nameOf(file)} fails, and nothing is expected there: ${message}`;
  }
  return undefined;
}
