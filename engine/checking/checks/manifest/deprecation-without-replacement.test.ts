import { expect, it } from 'vitest';
import { check } from './deprecation-without-replacement';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, placesIn } = manifestCheck(check);

it.each<[string, string, string[]]>([
  [
    'a deprecated feature without a replacement, at the release that deprecates it',
    `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: deprecated } }
  - { version: 1.2.0, features: { search: deprecated } }
`,
    ['hint 3: deprecated'],
  ],
  [
    'none where some release names the replacement',
    `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: deprecated } }
  - { version: 1.2.0, features: { search: { stage: deprecated, replacement: find } } }
`,
    [],
  ],
  [
    'none that was removed since',
    `releases:
  - { version: 1.1.0, features: { search: deprecated } }
  - { version: 2.0.0 }
`,
    [],
  ],
])('reports %s', async (_, manifest, expected) => {
  expect(await placesIn(manifest)).toEqual(expected);
});

it('names the release and the feature, and says where to name the replacement', async () => {
  const manifest = 'releases:\n  - { version: 1.0.0, features: { a: stable } }\n  - { version: 1.1.0, features: { a: deprecated } }\n';
  expect(await findingsIn(manifest)).toMatchObject([
    {
      message: '1.1.0 deprecates a without naming a replacement',
      advice: expect.stringContaining('`replacement`') as string,
    },
  ]);
});
