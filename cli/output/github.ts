import type { Severity } from '#engine/core/finding';
import { findingText } from '#engine/core/finding-text';
import type { LocatedFinding } from './located';

const commands: Record<Severity, 'error' | 'warning' | 'notice'> = { error: 'error', warning: 'warning', info: 'notice', hint: 'notice' };

/** Workflow commands of GitHub Actions, which show findings on the lines of a pull request. */
export function formatGithub(findings: readonly LocatedFinding[]): string {
  return findings
    .map(({ finding, repositoryPath, line, column, endLine, endColumn }) => {
      const properties = Object.entries({
        file: repositoryPath,
        line,
        col: column,
        endLine,
        endColumn,
        title: `mem8-upgrade ${finding.id}`,
      })
        .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
        .join(',');
      return `::${commands[finding.severity]} ${properties}::${escapeData(findingText(finding))}\n`;
    })
    .join('');
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
