import type { Basis, Finding, UnverifiedBasis } from './finding';
import { listed } from './wording';

const notVerified: Readonly<Record<UnverifiedBasis['reason'], string | undefined>> = {
  'not-run': 'Not verified: the statement did not run in the embedded database.',
  assumed: 'Not verified: no known migration creates the objects that the statement uses.',
  rows: 'Not verified: the outcome depends on the rows of the target.',
  stated: undefined,
};

/** What stands below the headline of a finding, one string a line: details, advice and what it rests on. */
export function linesBelow({ details, advice, basis }: Pick<Finding, 'details' | 'advice' | 'basis'>): string[] {
  return [details, advice, basis && basisText(basis)].filter((line) => line !== undefined && line !== '') as string[];
}

/** A finding as plain text: the headline, and below it one line each for details, advice and basis. */
export function findingText(finding: Pick<Finding, 'message' | 'details' | 'advice' | 'basis'>): string {
  return [finding.message, ...linesBelow(finding)].join('\n');
}

/** `Seen in PostgreSQL 18: SHARE lock on orders, scan of orders.`; undefined where there is nothing to add. */
function basisText(basis: Basis): string | undefined {
  if (basis.kind === 'unverified') return notVerified[basis.reason];
  const { server, locks, scans, rewrites } = basis;
  const seen = [
    ...locks,
    ...(scans.length > 0 ? [`scan of ${listed(scans)}`] : []),
    ...(rewrites.length > 0 ? [`rewrite of ${listed(rewrites)}`] : []),
  ];
  return seen.length === 0 ? undefined : `Seen in PostgreSQL ${server}: ${seen.join(', ')}.`;
}
