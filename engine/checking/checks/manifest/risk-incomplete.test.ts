import { expect, it } from 'vitest';
import { check } from './risk-incomplete';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, reports } = manifestCheck(check);

it('reports risks without fixedIn and url, and risks that block every upgrade', async () => {
  const findings = await reports(`releases:
  - version: 1.0.0
  - version: 1.1.0
risks:
  - name: Told
    from: "*"
    to: 1.1.x
    message: m
    url: https://example.org/told
  - name: Ended
    from: "*"
    to: "*"
    message: m
    fixedIn: 1.1.1
  - name: Vague
    #     ^^^^^ risk-incomplete
    from: 1.0.x
    to: 1.1.x
    message: m
  - name: Everything
    from: "*"
    to: ">=1.0.0"
    #   ^^^^^^^^^ risk-incomplete
    message: m
    url: https://example.org/everything
`);
  expect(findings.map(({ severity }) => severity)).toEqual(['info', 'warning']);
  expect(findings[0]?.message).toBe('Risk Vague does not say how to avoid it: `fixedIn` and `url` are missing');
  expect(findings[1]?.message).toBe('Risk Everything blocks every upgrade: ">=1.0.0" matches every release');
});

it('leaves long ranges out of the headline', async () => {
  const findings = await findingsIn(
    'releases:\n  - version: 1.0.0\n  - version: 1.1.0\nrisks:\n  - { name: SlowIndexBuild, from: "1.0.0 || 1.0.1", to: ">=1.0.0 <2.0.0", message: m }\n',
  );
  expect(findings.map(({ message }) => message)).toEqual([
    'Risk SlowIndexBuild blocks every upgrade that matches `from`: `to` matches every release',
  ]);
});
