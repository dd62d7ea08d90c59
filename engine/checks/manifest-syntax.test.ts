import { expect, it } from 'vitest';
import { check } from './manifest-syntax';
import { applyFix, manifestText } from './testing/manifest-fixture';
import { expectMarkers, findingsIn } from './testing/sql-fixture';

it('reports what does not fit the schema, at the value or key', async () => {
  const fixture = {
    'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
    rollback: donw
    #         ^^^^ manifest-syntax
    chekcs: {}
  # ^^^^^^ manifest-syntax
`),
  };
  const findings = await expectMarkers(fixture, check);
  expect(findings[0]?.message).toContain('Did you mean `down`?');
  let fixed: Readonly<Record<string, string>> = fixture;
  for (const finding of [...findings].reverse()) fixed = applyFix(fixed, finding.fixes[0]!.edits);
  expect(await findingsIn(fixed, [check])).toEqual([]);
});

it('reports broken YAML and keeps quiet about the rest', async () => {
  const findings = await findingsIn({ 'upgrade.yaml': manifestText('releases:\n  - version: 1.0.0\n    notes: "open\n') }, [check]);
  expect(findings.map((finding) => finding.severity)).toEqual(['error']);
});

it('says nothing of a sound manifest', async () => {
  await expectMarkers({ 'upgrade.yaml': manifestText('releases: [{ version: 1.0.0 }]\n') }, check);
});
