import { expect, it } from 'vitest';
import { check } from './feature-used-before-introduction';
import { fixedManifest, manifestFindings, placesIn } from './testing/manifest-fixture';

it.each<[string, string, string[]]>([
  [
    'a migration for a feature that comes later',
    `releases:
  - { version: 1.0.0, features: { maps: stable }, migrations: [{ id: a, feature: search }] }
  - { version: 1.1.0, features: { maps: stable, search: preview } }
`,
    ['error 2: search'],
  ],
  [
    'one for a feature that nobody knows',
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
    'no contract once the feature is gone everywhere',
    `releases:
  - { version: 1.0.0, features: { search: deprecated } }
  - { version: 2.0.0 }
  - { version: 2.1.0, migrations: [{ id: a, phase: contract, feature: search }] }
`,
    [],
  ],
  [
    'nothing without a window',
    `window: 0
releases:
  - { version: 1.0.0 }
  - { version: 1.1.0, features: { search: stable }, migrations: [{ id: a, phase: contract, feature: search }] }
`,
    [],
  ],
])('reports %s', (_, manifest, expected) => {
  expect(placesIn(manifest, manifestFindings(check, manifest))).toEqual(expected);
});

it('offers the name that was probably meant', () => {
  const manifest = 'releases:\n  - { version: 1.0.0, features: { search: stable }, migrations: [{ id: a, feature: serach }] }\n';
  const [finding] = manifestFindings(check, manifest);
  expect(finding?.hazards).toEqual(['M6']);
  expect(manifestFindings(check, fixedManifest(manifest, finding))).toEqual([]);
});
