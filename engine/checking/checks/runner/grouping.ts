import type { Finding } from '../../../core/finding';
import type { FindingDraft } from '../check';

/** A finding with what decides how it is told beside others of its file. */
export interface Found extends Pick<FindingDraft, 'cause' | 'unsized'> {
  readonly finding: Finding;
}

/**
 * Reports each cause once per file: findings of one check with the same cause and severity, and all of its hints, become the first of them, which names the
 * places of the others and has all of them in `parts`. Of several findings on a table of unknown size, the gravest stays a warning and
 * the others are infos, because every one of them matters only where the table is large.
 * @param found in the order of their places
 */
export function grouped(found: readonly Found[]): Finding[] {
  const groups = new Map<unknown, Found[]>();
  for (const each of found) {
    const { file, id, severity } = each.finding;
    // Hints are told once per file and check, whatever their cause.
    const cause = severity === 'hint' ? '' : each.cause;
    const key = cause === undefined ? each : JSON.stringify([file, id, severity, cause]);
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  const lesser = lesserWarnings([...groups.values()]);
  return [...groups.values()].map((group) => asOne(lesser.has(group) ? group.map(asInfo) : group.map(({ finding }) => finding)));
}

function asInfo({ finding }: Found): Finding {
  return { ...finding, severity: 'info' };
}

/** The groups of which every table has a graver finding in the same file. */
function lesserWarnings(groups: readonly Found[][]): Set<Found[]> {
  const weightOf = (group: Found[]) => Math.max(...group.map(({ unsized }) => unsized?.weight ?? 0));
  const claimed = new Set<string>();
  const lesser = new Set<Found[]>();
  for (const group of groups
    .filter(([first]) => first?.unsized && first.finding.severity === 'warning')
    .sort((a, b) => weightOf(b) - weightOf(a))) {
    const tables = group.flatMap(({ finding, unsized }) => (unsized?.tables ?? []).map((table) => `${finding.file} ${table}`));
    if (tables.every((table) => claimed.has(table))) lesser.add(group);
    for (const table of tables) claimed.add(table);
  }
  return lesser;
}

function asOne(group: readonly Finding[]): Finding {
  const [first, ...others] = group;
  if (!first) throw new Error('A group has a finding.');
  if (others.length === 0) return first;
  const places = others.map(({ file, range, message }) => ({ file, range, message }));
  const more = `Also at ${others.length === 1 ? 'one more place' : `${others.length} more places`} in this file.`;
  return {
    ...first,
    details: first.details === undefined ? more : `${first.details} ${more}`,
    verified: group.every(({ verified }) => verified),
    related: [...first.related, ...places],
    parts: group,
  };
}
