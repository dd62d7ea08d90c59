import type { Severity } from '#engine/core/finding';
import type { LocatedFinding } from './located';

const severities: Record<Severity, 'critical' | 'major' | 'minor' | 'info'> = {
  error: 'critical',
  warning: 'major',
  info: 'minor',
  hint: 'info',
};

/** GitLab's code quality report (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format). */
export function formatGitlab(findings: readonly LocatedFinding[]): string {
  const report = findings.map(({ finding, repositoryPath, fingerprint, line, endLine }) => ({
    description: finding.message,
    check_name: finding.id,
    fingerprint,
    severity: severities[finding.severity],
    location: { path: repositoryPath, lines: { begin: line, end: endLine } },
  }));
  return `${JSON.stringify(report, null, 2)}\n`;
}
