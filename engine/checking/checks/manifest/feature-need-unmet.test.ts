import { expect, it } from 'vitest';
import { check } from './feature-need-unmet';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, placesIn, afterFix } = manifestCheck(check);

it.each<[string, string, string[]]>([
  [
    'a need that no release has',
    `releases:
  - { version: 1.0.0, features: { search: stable, maps: { stage: stable, needs: [serach] } } }
`,
    ['error 2: serach'],
  ],
  [
    'a need that a later release has',
    `releases:
  - { version: 1.0.0, features: { maps: { stage: stable, needs: [search] } } }
  - { version: 1.1.0, features: { search: stable, maps: { stage: stable, needs: [search] } } }
`,
    ['error 2: search'],
  ],
  [
    'a need that is removed',
    `releases:
  - { version: 1.0.0, features: { search: deprecated, maps: { stage: stable, needs: [search] } } }
  - { version: 1.1.0, features: { search: removed, maps: { stage: stable, needs: [search] } } }
`,
    ['error 3: search'],
  ],
  [
    'a stable feature that needs a preview',
    `releases:
  - { version: 1.0.0, features: { search: preview, maps: { stage: stable, needs: [search] } } }
`,
    ['warning 2: search'],
  ],
  [
    'the same need once',
    `releases:
  - { version: 1.0.0, features: { maps: { stage: stable, needs: [sonar] } } }
  - { version: 1.1.0, features: { maps: { stage: stable, needs: [sonar] } } }
`,
    ['error 2: sonar'],
  ],
  [
    'no need that is met, and no need of a removed feature',
    `releases:
  - { version: 1.0.0, features: { search: preview, maps: { stage: preview, needs: [search] }, old: { stage: removed, needs: [sonar] } } }
`,
    [],
  ],
])('reports %s', async (_, manifest, expected) => {
  expect(await placesIn(manifest)).toEqual(expected);
});

it('offers the name that was probably meant', async () => {
  const manifest = 'releases:\n  - { version: 1.0.0, features: { search: stable, maps: { stage: stable, needs: [serach] } } }\n';
  const [finding] = await findingsIn(manifest);
  expect(finding).toMatchObject({ message: 'maps in 1.0.0 needs serach, which 1.0.0 does not have', advice: 'Did you mean search?' });
  expect(await afterFix(manifest)).toContain('needs: [search]');
});

it('says which release has the need first', async () => {
  const manifest = `releases:
  - { version: 1.0.0, features: { maps: { stage: stable, needs: [search] } } }
  - { version: 1.1.0, features: { search: stable } }
`;
  expect((await findingsIn(manifest))[0]).toMatchObject({
    message: 'maps in 1.0.0 needs search, which 1.0.0 does not have',
    details: expect.stringContaining('1.1.0') as string,
    advice: expect.stringContaining('in the same releases') as string,
  });
});

it.each([
  [
    'a need that is removed',
    '{ search: removed, maps: { stage: stable, needs: [search] } }',
    {
      message: 'maps in 1.0.0 needs search, which 1.0.0 does not have',
      details: expect.stringContaining('which 1.0.0 removes') as string,
    },
  ],
  [
    'a need in preview',
    '{ search: preview, maps: { stage: stable, needs: [search] } }',
    {
      message: 'maps is stable in 1.0.0, but needs search, which is a preview',
      advice: expect.stringMatching(/^Make search stable first, or /) as string,
    },
  ],
  [
    'a need without a similar name',
    '{ maps: { stage: stable, needs: [sonar] } }',
    {
      message: 'maps in 1.0.0 needs sonar, which 1.0.0 does not have',
      details: expect.stringContaining('no release has') as string,
      advice: expect.stringContaining('or remove it from') as string,
    },
  ],
])('explains %s', async (_, features, expected) => {
  expect(await findingsIn(`releases:\n  - { version: 1.0.0, features: ${features} }\n`)).toMatchObject([expected]);
});
