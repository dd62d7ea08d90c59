import { expect, it } from 'vitest';
import { check } from './feature-stage-backwards';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, placesIn, afterFix } = manifestCheck(check);

it.each<[string, string, string[]]>([
  [
    'a stable feature that becomes a preview',
    `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: preview } }
`,
    ['warning 3: preview'],
  ],
  [
    'a deprecated one that becomes a preview',
    `releases:
  - { version: 1.0.0, features: { search: deprecated } }
  - { version: 1.1.0, features: { search: { stage: preview } } }
`,
    ['warning 3: preview'],
  ],
  [
    'no deprecation that is undone, and no feature that returns',
    `releases:
  - { version: 1.0.0, features: { search: deprecated, maps: removed } }
  - { version: 1.1.0, features: { search: stable, maps: preview } }
`,
    [],
  ],
])('reports %s', async (_, manifest, expected) => {
  expect(await placesIn(manifest)).toEqual(expected);
});

it('offers the stage that it had', async () => {
  const manifest =
    'releases:\n  - { version: 1.0.0, features: { search: stable } }\n  - { version: 1.1.0, features: { search: preview } }\n';
  const [finding] = await findingsIn(manifest);
  expect(finding).toMatchObject({
    message: '1.1.0 moves search back from stable to preview',
    details: expect.stringContaining('a preview that may change') as string,
    advice: expect.stringMatching(/^(Leave|Keep) it stable/) as string,
  });
  expect(await afterFix(manifest)).toContain('1.1.0, features: { search: stable }');
});
