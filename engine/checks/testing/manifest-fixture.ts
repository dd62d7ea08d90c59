import type { Fixture } from './sql-fixture';

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
