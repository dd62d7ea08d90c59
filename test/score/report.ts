import { relative } from 'node:path';
import { LineIndex } from '#engine/core/text';
import type { Finding } from '#engine/core/finding';
import type { ScoreCase } from './case-format';
import { nameOf } from './case-project';
import type { CaseResult } from './run-case';
import type { HazardScore, Score, Share } from './score';

/** The report for people: what went wrong case by case, then the table of hazards, then the sums. */
export function textReport(score: Score): string {
  const wrong = score.results.map(caseReport).filter((lines) => lines.length > 0);
  const cases = score.results.length;
  const perCase = cases === 0 ? 0 : score.milliseconds / cases;
  return [
    ...wrong.flatMap((lines) => [...lines, '']),
    ...hazardTable(score.hazards),
    '',
    `Cases        ${cases}${score.broken > 0 ? `, ${score.broken} of them broken` : ''}`,
    `Recall       ${shown(score.recall)} expected hazards reported`,
    `False alarms ${score.falseAlarms}`,
    `Ranges       ${shown(score.ranges)} marked exactly`,
    `Fixes        ${shown(score.fixes)} valid`,
    `Verified     ${shown(score.verified)} findings seen in the database or the files`,
    `Time         ${(score.milliseconds / 1000).toFixed(1)} s, ${perCase.toFixed(0)} ms a case`,
    '',
  ].join('\n');
}

/** The report for programs. */
export function jsonReport(score: Score): string {
  const { recall, falseAlarms, ranges, fixes, verified, broken, hazards, milliseconds } = score;
  const cases = score.results.map((result) => ({
    file: result.case.source,
    line: result.case.sourceLine,
    name: result.case.name,
    broken: result.broken ?? null,
    expected: result.expected.map(({ expectation, found, exact, marked }) => ({
      ...expectation,
      found,
      exact: exact ?? null,
      marked,
    })),
    falseAlarms: result.falseAlarms.map(({ finding, hazards: forbidden }) => ({ ...placed(result.case, finding), forbidden })),
    fixes: result.fixes.map(({ finding, title, problem }) => ({ id: finding.id, title, problem: problem ?? null })),
    findings: result.findings.map((finding) => placed(result.case, finding)),
    milliseconds: Math.round(result.milliseconds),
  }));
  const sums = { recall, falseAlarms, ranges, fixes, verified, broken, milliseconds: Math.round(milliseconds) };
  return `${JSON.stringify({ ...sums, hazards, cases }, undefined, 2)}\n`;
}

/** What is wrong with one case, in lines; none when nothing is. */
function caseReport(result: CaseResult): string[] {
  const lines: string[] = [];
  if (result.broken !== undefined) lines.push(`  broken       ${result.broken}`);
  for (const { expectation, found, exact, marked } of result.expected) {
    const { hazard, line, file, text } = expectation;
    const place = `${hazard} on line ${line}${file === undefined ? '' : ` of ${file}`}`;
    if (!found) lines.push(`  missed       ${place}`);
    else if (exact === false) lines.push(`  range        ${place}: "${text ?? ''}" is expected to be marked, not "${marked ?? ''}"`);
  }
  for (const { finding, hazards } of result.falseAlarms) {
    lines.push(`  false alarm  ${[finding.id, ...hazards].join(' ')} ${placeOf(result.case, finding)}: ${finding.message}`);
  }
  for (const { finding, title, problem } of result.fixes) {
    if (problem !== undefined) lines.push(`  fix          "${title}" of ${finding.id} ${placeOf(result.case, finding)}: ${problem}`);
  }
  if (lines.length === 0) return [];
  return [`${relative(process.cwd(), result.case.source)}:${result.case.sourceLine} ${result.case.name}`, ...lines];
}

function placed(each: ScoreCase, finding: Finding) {
  const { id, hazards, severity, message, verified, file } = finding;
  return { id, hazards, severity, file: nameOf(file), line: lineOf(each, finding), message, verified };
}

function placeOf(each: ScoreCase, finding: Finding): string {
  return `on line ${lineOf(each, finding)} of ${nameOf(finding.file)}`;
}

function lineOf({ scripts }: ScoreCase, { file, range }: Finding): number {
  return new LineIndex(scripts[nameOf(file)] ?? '').positionAt(range.start).line + 1;
}

function hazardTable(hazards: readonly HazardScore[]): string[] {
  const cell = (value: number | string) => String(value).padStart(10);
  const row = (name: string, ...cells: (number | string)[]) => `${name.padEnd(6)}${cells.map(cell).join('')}`.trimEnd();
  return [
    row('hazard', 'positives', 'found', 'negatives', 'false'),
    ...hazards.map(({ hazard, positives, found, negatives, falseAlarms }) => row(hazard, positives, found, negatives, falseAlarms)),
  ];
}

function shown({ part, whole }: Share): string {
  return whole === 0 ? '0 of 0' : `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;
}
