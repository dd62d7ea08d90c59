import { LineIndex } from '#engine/core/text';
import { type LinterName, linterNames } from './linter-file';
import type { Disagreement, Verdict } from './verdict';

export interface ToolSums {
  readonly tool: LinterName;
  readonly bad: number;
  readonly byDefault: number;
  readonly withAll: number;
  readonly good: number;
  readonly otherMatters: number;
  readonly falseAlarms: number;
  readonly missed: number;
  readonly right: number;
  readonly notOurs: number;
}

/** Sums a tool at a time, in the order of the tools; none for a tool without tests. */
export function sumsOf(verdicts: readonly Verdict[]): ToolSums[] {
  return linterNames.flatMap((tool) => {
    const own = verdicts.filter(({ checked }) => checked.file.tool === tool);
    if (own.length === 0) return [];
    const bad = own.filter(({ checked }) => checked.file.opinion === 'bad');
    const good = own.filter(({ checked }) => checked.file.opinion === 'good');
    const tests = (each: readonly Verdict[], counts: (disagreement: Disagreement) => boolean) =>
      each.filter(({ disagreements }) => disagreements.some(counts)).length;
    return {
      tool,
      bad: bad.length,
      byDefault: bad.filter(({ reported }) => reported.byDefault).length,
      withAll: bad.filter(({ reported }) => reported.withAll).length,
      good: good.length,
      otherMatters: good.filter(({ otherMatters }) => otherMatters.length > 0).length,
      falseAlarms: tests(good, ({ explanation }) => explanation === undefined),
      missed: tests(bad, ({ explanation }) => explanation === undefined),
      right: tests(own, ({ explanation }) => explanation?.kind === 'right'),
      notOurs: tests(own, ({ explanation }) => explanation?.kind === 'not ours'),
    };
  });
}

export function textReport(verdicts: readonly Verdict[]): string {
  const all = verdicts.flatMap(({ disagreements }) => disagreements);
  const part = (title: string, some: readonly Disagreement[]) =>
    some.length === 0 ? [] : [title, '', ...some.flatMap((each) => [...lines(each), ''])];
  return [
    ...part(
      'EXPLAINED: PostgreSQL bears us out',
      all.filter(({ explanation }) => explanation?.kind === 'right'),
    ),
    ...part(
      'NOT OURS: opinions that PostgreSQL says nothing about',
      all.filter(({ explanation }) => explanation?.kind === 'not ours'),
    ),
    ...part(
      'UNEXPLAINED',
      all.filter(({ explanation }) => explanation === undefined),
    ),
    ...tableOf(sumsOf(verdicts)),
    '',
  ].join('\n');
}

function lines({ checked, finding, explanation }: Disagreement): string[] {
  const { file, answers, broken } = checked;
  const place = finding && `${finding.file.split('/').at(-1) ?? ''}:${lineOf(checked.file.scripts, finding)}`;
  return [
    `${file.tool} ${file.name}: ${file.opinion} for its rule`,
    finding
      ? `  ours        ${finding.severity} ${finding.id} ${place ?? ''}: ${finding.message}`
      : `  ours        ${broken ?? 'nothing is reported'}`,
    ...answers.map(({ line, sql, facts }) => `  PostgreSQL  line ${line}, ${sql}: ${facts}`),
    ...(explanation ? [`  explained   ${explanation.ours} ${explanation.why}`] : []),
  ];
}

function lineOf(scripts: Readonly<Record<string, string>>, finding: NonNullable<Disagreement['finding']>): number {
  const text = Object.entries(scripts).find(([path]) => finding.file.endsWith(`/${path}`))?.[1] ?? '';
  return new LineIndex(text).positionAt(finding.range.start).line + 1;
}

const columns = ['bad files', 'by default', 'all checks', 'missed', 'good files', 'other matters', 'false alarms', 'explained', 'not ours'];

function tableOf(sums: readonly ToolSums[]): string[] {
  const rows = [...sums.map((each) => [each.tool, ...numbersOf(each)]), ['together', ...totals(sums)]];
  const row = ([name = '', ...cells]: readonly string[]) => `${name.padEnd(26)}${cells.map((cell) => cell.padStart(15)).join('')}`;
  return [row(['tool', ...columns]), ...rows.map(row)];
}

function totals(sums: readonly ToolSums[]): string[] {
  return columns.map((_, at) => String(sums.reduce((sum, each) => sum + Number(numbersOf(each)[at]), 0)));
}

function numbersOf(each: ToolSums): string[] {
  const { bad, byDefault, withAll, missed, good, otherMatters, falseAlarms, right, notOurs } = each;
  return [bad, byDefault, withAll, missed, good, otherMatters, falseAlarms, right, notOurs].map(String);
}

export function jsonReport(verdicts: readonly Verdict[]): string {
  const tests = verdicts.map(({ checked, reported, disagreements, otherMatters }) => ({
    tool: checked.file.tool,
    name: checked.file.name,
    opinion: checked.file.opinion,
    reported,
    otherMatters: otherMatters.map(({ id, severity, message }) => ({ id, severity, message })),
    disagreements: disagreements.map(({ finding, explanation }) => ({
      finding: finding ? { id: finding.id, severity: finding.severity, message: finding.message } : null,
      explanation: explanation ?? null,
    })),
    postgresql: checked.answers,
  }));
  return `${JSON.stringify({ tools: sumsOf(verdicts), tests }, undefined, 2)}\n`;
}
