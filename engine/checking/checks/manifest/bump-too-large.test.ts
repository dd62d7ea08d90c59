import { expect, it } from 'vitest';
import { check } from './bump-too-large';
import { manifestCheck } from '../testing/manifest-check';
import { apiManifest, projectCheck } from '../testing/project-check';

const { findingsIn, placesIn } = manifestCheck(check);

const search = '  - { version: 1.0.0, features: { search: stable } }\n';

it.each<[string, string, string[]]>([
  [
    'a major version in which nothing breaks',
    `releases:\n${search}  - { version: 2.0.0, features: { search: stable, maps: stable } }\n`,
    ['hint 3: 2.0.0'],
  ],
  [
    'a minor version in which nothing is new',
    `releases:\n${search}  - { version: 1.1.0, features: { search: stable } }\n`,
    ['hint 3: 1.1.0'],
  ],
  ['no major version that removes a feature', `releases:\n${search}  - { version: 2.0.0, features: { maps: stable } }\n`, []],
  [
    'no major version that removes from the schema',
    `releases:\n${search}  - { version: 2.0.0, features: { search: stable }, migrations: [{ id: a, phase: contract }] }\n`,
    [],
  ],
  ['no release that lists nothing', 'releases:\n  - { version: 1.0.0 }\n  - { version: 2.0.0 }\n', []],
  [
    'no promise that starts with 1.0.0',
    'releases:\n  - { version: 0.9.0, features: { a: stable } }\n  - { version: 1.0.0, features: { a: stable } }\n',
    [],
  ],
])('reports %s', async (_, manifest, expected) => {
  expect(await placesIn(manifest)).toEqual(expected);
});

it.each([
  ['2.0.0', '2.0.0 raises the major version, but no change since 1.0.0 is breaking', '1.0.1'],
  ['1.1.0', '1.1.0 raises the minor version, but nothing is new since 1.0.0', '1.0.1'],
])('says what %s announces without a reason', async (version, message, enough) => {
  const [finding] = await findingsIn(`releases:\n${search}  - { version: ${version}, features: { search: stable } }\n`);
  expect(finding).toMatchObject({
    message,
    advice: `Release it as ${enough}, unless a change that the manifest does not list requires ${version}.`,
    related: [{ message: 'Compared with 1.0.0.' }],
  });
});

it('judges only APIs that could be compared', async () => {
  const releases = apiManifest([
    ['1.0.0', '0.graphql'],
    ['2.0.0', '1.graphql'],
  ]);
  const files = {
    'upgrade.yaml': releases,
    '0.graphql': 'type Query { orders: [Int] }\n',
    '1.graphql': 'type Query { orders: [Int] new: Int }\n',
  };
  const { placesIn } = projectCheck(check);
  expect(await placesIn(files)).toEqual(['hint upgrade.yaml: 2.0.0']);
  expect(await placesIn({ ...files, '1.graphql': 'type {' })).toEqual([]);
  expect(await placesIn({ ...files, '1.graphql': 'type Query { new: Int }\n' })).toEqual([]);
});
