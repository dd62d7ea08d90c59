import { expect, it } from 'vitest';
import { check } from './manifest-syntax';
import { applyFix, manifestText } from '../testing/manifest-fixture';
import { expectMarkers, findingsIn } from '../testing/sql-fixture';

it('reports what does not fit the schema at the value or key', async () => {
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
  expect(findings[0]?.message).toBe('`rollback` must be `down`, `restore` or a mapping with `none`, not `donw`');
  expect(`${findings[0]?.details ?? ''} ${findings[0]?.advice ?? ''}`).toContain('Did you mean `down`?');
  expect(findings[1]).toMatchObject({
    message: expect.stringMatching(/^`chekcs` is not a key of /) as string,
    advice: expect.stringContaining('`checks`') as string,
  });
  let fixed: Readonly<Record<string, string>> = fixture;
  for (const finding of [...findings].reverse()) fixed = applyFix(fixed, finding.fixes[0]!.edits);
  expect(await findingsIn(fixed, [check])).toEqual([]);
});

it('reports broken YAML and nothing else', async () => {
  const findings = await findingsIn({ 'upgrade.yaml': manifestText('releases:\n  - version: 1.0.0\n    notes: "open\n') }, [check]);
  expect(findings.map((finding) => finding.severity)).toEqual(['error']);
});

it('is silent on a valid manifest', async () => {
  await expectMarkers({ 'upgrade.yaml': manifestText('releases: [{ version: 1.0.0 }]\n') }, check);
});
