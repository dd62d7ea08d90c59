import { LineIndex, type TextRange } from '#engine/core/text';
import type { Mark } from './marks';
import type { Report, Reported } from './reported';

const context = 6;
const mostLines = 30;

/** The lines of a range with some around them, numbered from 1, and a line of carets under the range's first line. */
export function excerptOf(text: string, range: TextRange): string {
  const index = new LineIndex(text);
  const lines = text.split(/\r\n|\n|\r/);
  const start = index.positionAt(range.start);
  const end = index.positionAt(range.end);
  const last = Math.min(end.line, start.line + mostLines) + context;
  const out: string[] = [];
  for (let line = Math.max(0, start.line - context); line <= Math.min(last, lines.length - 1); line++) {
    const content = (lines[line] ?? '').replace(/\t/g, ' ').slice(0, 200);
    out.push(`${String(line + 1).padStart(5)} | ${content}`);
    if (line !== start.line) continue;
    const width = (end.line === line ? end.character : Math.max(content.length, start.character + 1)) - start.character;
    out.push(`      | ${' '.repeat(start.character)}${'^'.repeat(Math.max(1, Math.min(width, 200)))}`);
  }
  return out.join('\n');
}

/** One finding for a person to judge, with the mark that it has. */
export function blockOf(finding: Reported, mark: Mark | undefined): string {
  const { fingerprint, severity, check, file, line, message, verified, excerpt, related, fixes } = finding;
  return [
    `── ${fingerprint} ${severity} ${check}${mark ? ` (marked ${mark.verdict})` : ''}`,
    `${file}:${line}${verified ? '' : ' (not verified)'}`,
    excerpt,
    `  ${message}`,
    ...related.map((place) => `  - ${place}`),
    ...fixes.map((title) => `  fix: ${title}`),
    '',
  ].join('\n');
}

/** The marks on what is no longer reported, a line each. */
export function goneLines(marks: readonly Mark[], { project, findings }: Report): string {
  const now = new Map(findings.map(({ fingerprint, severity }) => [fingerprint, severity]));
  return marks
    .filter((mark) => mark.project === project && mark.gone)
    .map(({ verdict, severity, check, migration, fingerprint }) => {
      const then = now.has(fingerprint) ? `now ${now.get(fingerprint) ?? ''}` : 'gone';
      return `${then}  was ${severity}, marked ${verdict}: ${check} in ${migration} (${fingerprint})\n`;
    })
    .join('');
}

/** Findings per 100 migrations, over all and per check, the most frequent first. */
export function countLines({ project, migrations, findings }: Report): string {
  const per100 = (number: number) => ((100 * number) / Math.max(1, migrations)).toFixed(1).padStart(7);
  const checks = new Map<string, number>();
  for (const { severity, check } of findings) checks.set(`${severity} ${check}`, (checks.get(`${severity} ${check}`) ?? 0) + 1);
  const rows = [...checks].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return [
    `${project}: ${findings.length} findings in ${migrations} migrations, ${per100(findings.length).trim()} per 100`,
    ...rows.map(([name, number]) => `${per100(number)} ${String(number).padStart(6)}  ${name}`),
    '',
  ].join('\n');
}
