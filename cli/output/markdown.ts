import type { LocatedFinding } from './located';
import { styleFor } from './style';
import { type CheckSummary, count, summaryLines } from './text';

/** Services truncate long summaries. */
const mostRows = 200;

/** A table of findings for step summaries and comments. Text of findings is escaped: it quotes scripts. */
export function formatMarkdown(findings: readonly LocatedFinding[], summary: CheckSummary): string {
  const rows = findings.slice(0, mostRows).map(({ finding, repositoryPath, line }) => {
    const cells = [finding.severity, escaped(`${repositoryPath}:${line}`), `${escaped(finding.message)} (\`${finding.id}\`)`];
    return `| ${cells.join(' | ')} |\n`;
  });
  const table = rows.length === 0 ? '' : `\n| severity | place | finding |\n| --- | --- | --- |\n${rows.join('')}`;
  const rest = findings.length > mostRows ? `\nand ${count(findings.length - mostRows, 'more finding')}.\n` : '';
  const totals = summaryLines(findings, summary, styleFor(false)).split('\n').map(escaped).join('\n\n');
  return `### Mem8 Upgrade\n\n${totals}\n${table}${rest}`;
}

function escaped(text: string): string {
  return text
    .replace(/[\\`*_{}[\]#|~@!]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\s+/g, ' ');
}
