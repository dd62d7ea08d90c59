import { expect } from 'vitest';
import type { Finding } from '../../../core/finding';
import { LineIndex } from '../../../core/text';
import { parseManifest } from '../../../inputs/manifest/parse';
import { nothingSettled } from '../../../inputs/settled/settlement';
import type { Check } from '../check';
import type { ProjectContext } from '../../context/context';
import { runChecks } from '../runner/run-checks';
import type { Fixture } from './sql-fixture';
import { wellWritten } from './well-written';

/** A manifest with the given text after `manifest:` and `system:`. Marker lines are YAML comments. */
export function manifestText(rest: string): string {
  return `manifest: 1\nsystem: mem8\n${rest}`;
}

/** Up and down scripts by migration id that make and drop a table each. */
export function scriptFixture(...ids: string[]): Fixture {
  return Object.fromEntries(
    ids.flatMap((id) => [
      [`${id}.up.sql`, `CREATE TABLE t${id} (id int);\n`],
      [`${id}.down.sql`, `DROP TABLE t${id};\n`],
    ]),
  );
}

/** The fixture after the first fix of a finding in it was applied. */
export function applyFix(fixture: Fixture, edits: readonly { range: { start: number; end: number }; newText: string }[]): Fixture {
  let text = fixture['upgrade.yaml'] ?? '';
  for (const { range, newText } of [...edits].sort((a, b) => b.range.start - a.range.start)) {
    text = text.slice(0, range.start) + newText + text.slice(range.end);
  }
  return { ...fixture, 'upgrade.yaml': text };
}

/** The findings of a check in a manifest alone, on 2026-06-01; `rest` as for `manifestText`, `more` what else is known. */
export function manifestFindings(check: Check, rest: string, more: Partial<ProjectContext> = {}): readonly Finding[] {
  const manifest = parseManifest('/project/upgrade.yaml', manifestText(rest));
  expect(manifest.problems).toEqual([]);
  const minimum = Number(manifest.manifest?.migrations.minimum);
  const context = {
    manifest,
    directory: undefined,
    chain: [],
    minimum,
    completeHistory: true,
    statistics: undefined,
    settlement: nothingSettled,
    today: '2026-06-01',
  };
  return wellWritten(runChecks({ ...context, ...more }, [check]));
}

/** `severity line: marked text` of each finding, lines counted in `rest` from 1. */
export function placesIn(rest: string, findings: readonly Finding[]): string[] {
  const text = manifestText(rest);
  const lines = new LineIndex(text);
  const before = manifestText('').split('\n').length - 1;
  return findings.map(
    ({ severity, range }) => `${severity} ${lines.positionAt(range.start).line + 1 - before}: ${text.slice(range.start, range.end)}`,
  );
}

/** The manifest's text after `manifest:` and `system:` with the first fix of a finding applied. */
export function fixedManifest(rest: string, finding: Finding | undefined): string {
  const [fix] = finding?.fixes ?? [];
  if (!fix) throw new Error('there is no fix');
  return (applyFix({ 'upgrade.yaml': manifestText(rest) }, fix.edits)['upgrade.yaml'] ?? '').slice(manifestText('').length);
}
