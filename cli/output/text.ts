import type { Finding, Severity } from '#engine/core/finding';
import { linesBelow } from '#engine/core/finding-text';
import type { LocatedFinding, Locator } from './located';
import type { Style } from './style';
import { wrapped } from './wrap';

const shownLineLength = 160;
const mostRelated = 8;
const indent = ' '.repeat(6);

/**
 * Findings for people: one block each, with the headline, the place, and the line at fault with a caret under it.
 * @param width characters in a line of the terminal; undefined where the output is not a terminal
 */
export function formatText(findings: readonly LocatedFinding[], locator: Locator, style: Style, width?: number): string {
  return findings.map((located) => block(located, locator, style, width)).join('\n');
}

function block(
  { finding, path, line, column, endLine, endColumn }: LocatedFinding,
  locator: Locator,
  style: Style,
  width: number | undefined,
): string {
  const paint = painter(finding.severity, style);
  const lines = [
    ...headline(finding, paint, style, width),
    style.dim(`${indent}${path}:${line}:${column}`),
    ...frame(locator.lineText(finding.file, line), line, column, endLine === line ? endColumn : undefined, paint, style),
    ...linesBelow(finding)
      .flatMap((text) => wrapped(text, width === undefined ? undefined : width - indent.length))
      .map((text) => style.dim(`${indent}${text}`)),
    ...(finding.settled ? [style.dim(`${indent}Settled: databases have run this migration.`)] : []),
    ...finding.related.slice(0, mostRelated).map(({ file, range, message }) => {
      const place = locator.place(file, range);
      return style.dim(`${indent}${locator.relative(file)}:${place.line}:${place.column} ${message}`);
    }),
    ...(finding.related.length > mostRelated
      ? [style.dim(`${indent}and ${count(finding.related.length - mostRelated, 'more place')}`)]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function headline({ severity, message, id }: Finding, paint: (text: string) => string, style: Style, width: number | undefined): string[] {
  const label = `${severity}  `;
  const name = `[${id}]`;
  return wrapped(`${message} ${name}`, width === undefined ? undefined : width - label.length).map(
    (text, index) => `${index === 0 ? paint(label) : indent}${text.replace(name, style.dim(name))}`,
  );
}

function frame(
  text: string,
  line: number,
  column: number,
  endColumn: number | undefined,
  paint: (text: string) => string,
  style: Style,
): string[] {
  const number = String(line).padStart(4);
  const shownFrom = Math.max(0, column - 1 - 80);
  const shown = text.slice(shownFrom, shownFrom + shownLineLength).replace(/\t/g, ' ');
  const end = Math.min(endColumn ?? text.length + 1, shownFrom + shownLineLength + 1);
  const carets = '^'.repeat(Math.max(1, end - column));
  return [`${style.dim(`${number} |`)} ${shown}`, `${style.dim('     |')} ${' '.repeat(column - 1 - shownFrom)}${paint(carets)}`];
}

function painter(severity: Severity, style: Style): (text: string) => string {
  switch (severity) {
    case 'error':
      return style.red;
    case 'warning':
      return style.yellow;
    case 'info':
    case 'hint':
      return style.blue;
  }
}

/** What a check looked at, beside the findings that it shows. */
export interface CheckSummary {
  readonly files: number;
  readonly settledMigrations: number;
  /** What settles them, for people. */
  readonly settledBy: readonly string[];
  /** Findings in settled migrations that are not shown. */
  readonly hidden: number;
}

/** The counts of findings and files, and a line on settled migrations where there are some. */
export function summaryLines(findings: readonly LocatedFinding[], summary: CheckSummary, style: Style): string {
  const { settledMigrations, settledBy, hidden } = summary;
  const lines = [summaryLine(findings, summary.files, style)];
  if (settledMigrations > 0) {
    const shown = hidden > 0 ? `; ${count(hidden, 'finding')} in settled migrations not shown (--all shows them)` : '';
    lines.push(style.dim(`${count(settledMigrations, 'migration')} settled by ${settledBy.join(', ')}${shown}.`));
  }
  return lines.join('\n');
}

/** `3 errors, 1 warning in 12 files; 1 of 4 not verified in PostgreSQL.`. */
function summaryLine(findings: readonly LocatedFinding[], files: number, style: Style): string {
  if (findings.length === 0) return style.green(`No findings in ${count(files, 'file')}.`);
  const parts = (['error', 'warning', 'info', 'hint'] as const).flatMap((severity) => {
    const number = findings.filter(({ finding }) => finding.severity === severity).length;
    return number === 0 ? [] : [severity === 'info' ? `${number} info` : count(number, severity)];
  });
  const verified = findings.filter(({ finding }) => finding.verified).length;
  const open = findings.length - verified;
  return `${parts.join(', ')} in ${count(files, 'file')}${open > 0 ? `; ${open} of ${findings.length} not verified in PostgreSQL` : ''}.`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
