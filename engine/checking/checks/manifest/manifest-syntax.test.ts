import { expect, it } from 'vitest';
import { check } from './manifest-syntax';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, reports, silentOn, afterFix } = manifestCheck(check);

it('reports what does not fit the schema at the value or key', async () => {
  const manifest = `releases:
  - version: 1.0.0
    rollback: donw
    #         ^^^^ manifest-syntax
    chekcs: {}
  # ^^^^^^ manifest-syntax
`;
  const findings = await reports(manifest);
  expect(findings[0]?.message).toBe('`rollback` must be `down`, `restore` or a mapping with `none`, not `donw`');
  expect(`${findings[0]?.details ?? ''} ${findings[0]?.advice ?? ''}`).toContain('Did you mean `down`?');
  expect(findings[1]).toMatchObject({
    message: expect.stringMatching(/^`chekcs` is not a key of /) as string,
    advice: expect.stringContaining('`checks`') as string,
  });
  await afterFix(manifest, { all: true });
});

it('reports broken YAML and nothing else', async () => {
  const findings = await findingsIn('releases:\n  - version: 1.0.0\n    notes: "open\n');
  expect(findings.map((finding) => finding.severity)).toEqual(['error']);
});

it('is silent on a valid manifest', () => silentOn('releases: [{ version: 1.0.0 }]\n'));
