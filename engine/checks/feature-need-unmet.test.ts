import { expect, it } from 'vitest';
import { check } from './feature-need-unmet';
import { fixedManifest, manifestFindings, placesIn } from './testing/manifest-fixture';

it.each<[string, string, string[]]>([
  [
    'a need that no release has',
    `releases:
  - { version: 1.0.0, features: { search: stable, maps: { stage: stable, needs: [serach] } } }
`,
    ['error 2: serach'],
  ],
  [
    'a need that comes later',
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
    'no need that is met, and none of what is removed',
    `releases:
  - { version: 1.0.0, features: { search: preview, maps: { stage: preview, needs: [search] }, old: { stage: removed, needs: [sonar] } } }
`,
    [],
  ],
])('reports %s', (_, manifest, expected) => {
  expect(placesIn(manifest, manifestFindings(check, manifest))).toEqual(expected);
});

it('offers the name that was probably meant', () => {
  const manifest = 'releases:\n  - { version: 1.0.0, features: { search: stable, maps: { stage: stable, needs: [serach] } } }\n';
  const [finding] = manifestFindings(check, manifest);
  expect(finding?.message).toContain('Did you mean search?');
  expect(fixedManifest(manifest, finding)).toContain('needs: [search]');
});

it('says when the need comes', () => {
  const manifest = `releases:
  - { version: 1.0.0, features: { maps: { stage: stable, needs: [search] } } }
  - { version: 1.1.0, features: { search: stable } }
`;
  expect(manifestFindings(check, manifest)[0]?.message).toContain('It comes with 1.1.0');
});
