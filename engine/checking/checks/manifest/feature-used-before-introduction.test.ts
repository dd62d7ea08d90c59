import { expect, it } from 'vitest';
import { check } from './feature-used-before-introduction';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, placesIn, afterFix } = manifestCheck(check);

it.each<[string, string, string[]]>([
  [
    'a migration for a feature of a later release',
    `releases:
  - { version: 1.0.0, features: { maps: stable }, migrations: [{ id: a, feature: search }] }
  - { version: 1.1.0, features: { maps: stable, search: preview } }
`,
    ['error 2: search'],
  ],
  [
    'a migration for an unknown feature',
    `releases:
  - { version: 1.0.0, features: { search: stable }, migrations: [{ id: a, feature: serach }] }
`,
    ['error 2: serach'],
  ],
  [
    'none for a feature of its own release or an earlier one',
    `releases:
  - { version: 1.0.0, features: { search: preview }, migrations: [{ id: a, feature: search }] }
  - { version: 1.1.0, migrations: [{ id: b, feature: search, phase: expand }] }
`,
    [],
  ],
  [
    'a contract while the feature may be off',
    `releases:
  - { version: 1.0.0, features: { search: preview } }
  - { version: 1.1.0, features: { search: preview }, migrations: [{ id: a, phase: contract, feature: search }] }
`,
    ['warning 3: search'],
  ],
  [
    'a contract while a release in the window lacks the feature',
    `releases:
  - { version: 1.0.0 }
  - { version: 1.1.0, features: { search: stable }, migrations: [{ id: a, phase: contract, feature: search }] }
`,
    ['warning 3: search'],
  ],
  [
    'a contract while a release in the window still has the feature',
    `releases:
  - { version: 1.0.0, features: { search: deprecated } }
  - { version: 2.0.0, features: { search: removed }, migrations: [{ id: a, phase: contract, feature: search }] }
`,
    ['warning 3: search'],
  ],
  [
    'no contract once the feature is on everywhere',
    `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: stable }, migrations: [{ id: a, phase: contract, feature: search }] }
`,
    [],
  ],
  [
    'no contract once the feature is removed everywhere',
    `releases:
  - { version: 1.0.0, features: { search: deprecated } }
  - { version: 2.0.0 }
  - { version: 2.1.0, migrations: [{ id: a, phase: contract, feature: search }] }
`,
    [],
  ],
  [
    'no contract without a window',
    `window: 0
releases:
  - { version: 1.0.0 }
  - { version: 1.1.0, features: { search: stable }, migrations: [{ id: a, phase: contract, feature: search }] }
`,
    [],
  ],
])('reports %s', async (_, manifest, expected) => {
  expect(await placesIn(manifest)).toEqual(expected);
});

it('offers the name that was probably meant', async () => {
  const manifest = 'releases:\n  - { version: 1.0.0, features: { search: stable }, migrations: [{ id: a, feature: serach }] }\n';
  const [finding] = await findingsIn(manifest);
  expect(finding).toMatchObject({
    hazards: ['M6'],
    message: 'a is for the feature serach, which no release up to 1.0.0 has',
    advice: 'Did you mean search?',
  });
  await afterFix(manifest);
});

it('names the release that introduces the feature', async () => {
  const manifest = `releases:
  - { version: 1.0.0, features: { maps: stable }, migrations: [{ id: a, feature: search }] }
  - { version: 1.1.0, features: { maps: stable, search: preview } }
`;
  expect(await findingsIn(manifest)).toMatchObject([
    {
      message: 'a is for the feature search, which 1.0.0 does not have yet',
      details: '1.1.0 is the first release that has it.',
      advice: 'Move the migration to 1.1.0, or list the feature from 1.0.0 on, for example as a preview.',
      related: [{ message: '1.1.0 introduces search.' }],
    },
  ]);
});

it.each([
  ['search: preview', 'search: preview', 'a may break a running release: search is optional in 1.0.0 and 1.1.0'],
  ['maps: stable', 'search: stable', 'a may break a running release: 1.0.0 lacks search, 1.1.0 has it'],
])('says how the feature differs between %s and %s', async (older, newer, message) => {
  const manifest = `releases:
  - { version: 1.0.0, features: { ${older} } }
  - { version: 1.1.0, features: { ${newer} }, migrations: [{ id: a, phase: contract, feature: search }] }
`;
  expect(await findingsIn(manifest)).toMatchObject([
    {
      message,
      details: 'All of these releases may run together with 1.1.0, and the contract step removes what some of them need.',
      advice: 'Move a to a release in whose window every release has search on, or every release has it removed.',
      related: [{ message: 'Compare with 1.0.0.' }],
    },
  ]);
});
