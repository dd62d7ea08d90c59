import { expect, it } from 'vitest';
import { check } from './feature-removed-without-deprecation';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, placesIn } = manifestCheck(check);

it.each<[string, string, string[]]>([
  [
    'a stable feature that is removed',
    `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: removed } }
`,
    ['error 3: removed'],
  ],
  [
    'one that is no longer listed, at the version',
    `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 2.0.0, features: { maps: stable } }
`,
    ['error 3: 2.0.0'],
  ],
  [
    'one that was deprecated only in a yanked release',
    `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, yanked: It loses rows, features: { search: deprecated } }
  - { version: 2.0.0 }
`,
    ['error 4: 2.0.0'],
  ],
  [
    'no feature that was deprecated',
    `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: deprecated } }
  - { version: 2.0.0, features: { search: removed } }
`,
    [],
  ],
  [
    'no preview',
    `releases:
  - { version: 1.0.0, features: { search: preview } }
  - { version: 1.1.0 }
`,
    [],
  ],
  [
    'no feature where no notice is promised',
    `deprecation: { releases: 0 }
releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 2.0.0 }
`,
    [],
  ],
])('reports %s', async (_, manifest, expected) => {
  expect(await placesIn(manifest)).toEqual(expected);
});

it('names both releases and points at the older one', async () => {
  const [finding] = await findingsIn('releases:\n  - { version: 1.0.0, features: { search: stable } }\n  - version: 1.1.0\n');
  expect(finding).toMatchObject({
    message: '1.1.0 removes search without deprecating it first',
    details: expect.stringContaining('without notice') as string,
    advice: 'Mark search as deprecated in one release and remove it in a later one.',
    related: [{ message: '1.0.0 lists it here.' }],
  });
});
