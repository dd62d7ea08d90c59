import { expect, it } from 'vitest';
import { check } from './risk-unmatched';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, reports } = manifestCheck(check);

it('reports texts that are not ranges, ranges without a release, and a fixedIn that is not a version', async () => {
  const findings = await reports(`releases:
  - version: 1.0.0
  - version: 1.1.0
risks:
  - name: Sound
    from: 1.0.x
    to: 1.1.x
    message: m
    fixedIn: 1.1.1
  - name: Broken
    from: one
    #     ^^^ risk-unmatched
    to: 4.x
    #   ^^^ risk-unmatched
    message: m
    fixedIn: soon
    #        ^^^^ risk-unmatched
`);
  expect(findings.map(({ message }) => message)).toEqual([
    'Risk Broken blocks upgrades from every release: "one" is not a version range',
    'Risk Broken has no effect: no release matches "4.x"',
    'Risk Broken is never fixed: "soon" is not a semantic version',
  ]);
});

it('leaves long ranges out of the headline', async () => {
  const releases = 'releases:\n  - version: 1.0.0\n  - version: 1.1.0\n';
  const risk = (ranges: string) => `${releases}risks:\n  - { name: SlowIndexBuildOnLargeTables, ${ranges}, message: m }\n`;
  const messages = async (ranges: string) => (await findingsIn(risk(ranges))).map(({ message }) => message);
  expect(await messages('from: ">=3.0.0 <3.1.0 || >=4.0.0 <4.1.0", to: "*"')).toEqual([
    'Risk SlowIndexBuildOnLargeTables has no effect: no release matches `from`',
  ]);
  expect(await messages('from: "*", to: ">=1.1.0 <1.2.0", fixedIn: 1.0.0')).toEqual([
    'Risk SlowIndexBuildOnLargeTables has no effect: it is fixed before every release in `to`',
  ]);
});
