import type { RegisteredCheck } from '#engine/operations/checking';
import type { Severity } from '#engine/core/finding';
import { findingText } from '#engine/core/finding-text';
import type { LocatedFinding, Locator } from './located';

const levels: Record<Severity, 'error' | 'warning' | 'note'> = { error: 'error', warning: 'warning', info: 'note', hint: 'note' };

/**
 * SARIF 2.1.0, for code scanning services.
 * @param pages the documentation of checks by id, Markdown with a title; a check without one has its summary alone
 */
export function formatSarif(
  findings: readonly LocatedFinding[],
  locator: Locator,
  checks: readonly RegisteredCheck[],
  version: string,
  pages: ReadonlyMap<string, string>,
): string {
  const place = (file: string, region: { line: number; column: number; endLine: number; endColumn: number }) => ({
    physicalLocation: {
      artifactLocation: { uri: encodeURI(file) },
      region: { startLine: region.line, startColumn: region.column, endLine: region.endLine, endColumn: region.endColumn },
    },
  });
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'mem8-upgrade',
            version,
            rules: checks.map(({ id, summary, severity, group, hazards }) => ({
              id,
              shortDescription: { text: summary },
              ...description(pages.get(id)),
              defaultConfiguration: { level: levels[severity] },
              properties: { group, hazards },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((located) => ({
          ruleId: located.finding.id,
          level: levels[located.finding.severity],
          message: { text: findingText(located.finding) },
          locations: [place(located.repositoryPath, located)],
          // GitHub reads the first alone, and only where it is there does an upload without its own action know a finding again.
          partialFingerprints: { primaryLocationLineHash: located.fingerprint, 'mem8UpgradeFinding/v1': located.fingerprint },
          relatedLocations: located.finding.related.map(({ file, range, message }, id) => ({
            id,
            ...place(locator.inRepository(file), locator.place(file, range)),
            message: { text: message },
          })),
          properties: { verified: located.finding.verified },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** What a page says of its check; links to other pages become their words, because services do not have those. */
function description(page: string | undefined): object {
  if (page === undefined) return {};
  const markdown = page
    .replace(/^# .*\n+/, '')
    .replace(/\[([^\]]+)\]\((?!https?:)[^)]*\)/g, '$1')
    .trim();
  const text = markdown.split(/\n{2,}/)[0]?.replace(/\s+/g, ' ') ?? '';
  return { fullDescription: { text }, help: { text, markdown } };
}
