import { severities, ungrouped } from '#engine/core/finding';
import type { LocatedFinding, Locator } from './located';
import type { CheckSummary } from './text';

/** The report of `check --format json`. Its shape is a contract: see docs/command-line.md. */
export function formatJson(findings: readonly LocatedFinding[], locator: Locator, checked: CheckSummary, version: string): string {
  const summary = Object.fromEntries(
    severities.map((severity) => [severity, findings.filter(({ finding }) => finding.severity === severity).length]),
  );
  const report = {
    version: 1,
    tool: `mem8-upgrade ${version}`,
    findings: findings.map(({ finding, path, fingerprint, line, column, endLine, endColumn }) => ({
      file: path,
      line,
      column,
      endLine,
      endColumn,
      id: finding.id,
      hazard: finding.hazards[0] ?? null,
      hazards: finding.hazards,
      severity: finding.severity,
      message: finding.message,
      details: finding.details ?? null,
      advice: finding.advice ?? null,
      verified: finding.verified,
      basis: finding.basis ?? null,
      fingerprint,
      settled: finding.settled === true,
      related: finding.related.map(({ file, range, message }) => ({
        file: locator.relative(file),
        ...locator.place(file, range),
        message,
      })),
      fixes: ungrouped([finding])
        .flatMap(({ fixes }) => fixes)
        .map(({ title, edits }) => ({
          title,
          edits: edits.map(({ file, range, newText }) => ({ file: locator.relative(file), ...locator.place(file, range), newText })),
        })),
    })),
    summary: {
      files: checked.files,
      total: findings.length,
      ...summary,
      settled: { migrations: checked.settledMigrations, by: checked.settledBy, hidden: checked.hidden },
    },
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
