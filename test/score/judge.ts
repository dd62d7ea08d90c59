import type { ScriptContext } from '#engine/checking/context/context';
import type { Finding } from '#engine/core/finding';
import { LineIndex, type TextRange } from '#engine/core/text';
import type { Expectation, ScoreCase } from './case-format';
import { nameOf } from './case-project';
import { expectedFile } from './read-cases';

/** What became of one expected hazard. */
interface ExpectedOutcome {
  readonly expectation: Expectation;
  readonly found: boolean;
  /** Undefined where the case does not say what must be marked, or where nothing was found. */
  readonly exact: boolean | undefined;
  /** What was marked instead, when `exact` is false. */
  readonly marked?: string;
}

/** A finding that the case forbids. */
interface FalseAlarm {
  readonly finding: Finding;
  /** The forbidden hazards that it carries; its own where the case forbids everything. */
  readonly hazards: readonly string[];
}

export interface Verdict {
  readonly expected: readonly ExpectedOutcome[];
  readonly falseAlarms: readonly FalseAlarm[];
}

/** Compares findings with what a case expects and forbids. */
export function judge(each: ScoreCase, findings: readonly Finding[], scripts: readonly ScriptContext[]): Verdict {
  const matched = new Set<Finding>();
  const expected = each.expect.map((expectation): ExpectedOutcome => {
    const matches = findings.filter((finding) => fits(each, finding, expectation, scripts));
    for (const finding of matches) matched.add(finding);
    const { text } = expectation;
    if (matches.length === 0 || text === undefined) return { expectation, found: matches.length > 0, exact: undefined };
    const marked = matches.map((finding) => textOf(finding, scripts));
    const exact = marked.includes(text);
    return { expectation, found: true, exact, marked: exact ? undefined : marked.join(' | ') };
  });
  const falseAlarms = findings
    .filter((finding) => !matched.has(finding))
    .map((finding) => ({ finding, hazards: forbiddenIn(each, finding) }))
    .filter(({ hazards }) => hazards !== undefined) as FalseAlarm[];
  return { expected, falseAlarms };
}

function fits(each: ScoreCase, finding: Finding, expectation: Expectation, scripts: readonly ScriptContext[]): boolean {
  const name = expectedFile(each.scripts, expectation);
  if (!finding.hazards.includes(expectation.hazard) || nameOf(finding.file) !== name) return false;
  const index = new LineIndex(each.scripts[name] ?? '');
  const line = expectation.line - 1;
  const covering = statementsOn(line, index, finding.file, scripts);
  const start = finding.range.start;
  if (covering.length === 0) return index.positionAt(start).line === line;
  return covering.some((statement) => statement.start <= start && start <= statement.end);
}

function statementsOn(line: number, index: LineIndex, file: string, scripts: readonly ScriptContext[]): readonly TextRange[] {
  const statements = scripts.filter(({ script }) => script.file === file).flatMap((script) => script.statements);
  return statements.filter(({ start, end }) => index.positionAt(start).line <= line && line <= index.positionAt(end).line);
}

function textOf({ file, range }: Finding, scripts: readonly ScriptContext[]): string {
  return scripts.find(({ script }) => script.file === file)?.script.text.slice(range.start, range.end) ?? '';
}

/** The forbidden hazards of a finding; undefined when the case allows it. */
function forbiddenIn({ forbid }: ScoreCase, finding: Finding): readonly string[] | undefined {
  const named = finding.hazards.filter((hazard) => forbid.includes(hazard));
  if (named.length > 0) return named;
  if (!forbid.includes('*') || finding.group === 'advice' || finding.severity === 'hint') return undefined;
  return finding.hazards;
}
