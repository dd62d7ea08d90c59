import { expect, it } from 'vitest';
import { check } from './api-removed-without-deprecation';
import { apiFindings, type ApiFixture, apiManifest, marked } from './testing/api-fixture';

const plain = 'type Query { orders: [Int] old: Int }\n';
const deprecated = plain.replace('old: Int', 'old: Int @deprecated');
const gone = plain.replace(' old: Int', '');

function fixture(texts: readonly string[], versions = ['1.0.0', '1.1.0', '1.2.0'], settings = ''): ApiFixture {
  const releases = texts.map((_, index) => [versions[index] ?? '', `${index}.graphql`] as const);
  return { 'upgrade.yaml': apiManifest(releases, settings), ...Object.fromEntries(texts.map((text, index) => [`${index}.graphql`, text])) };
}

const twoReleases = 'deprecation: { releases: 2 }\n';

it.each<[string, ApiFixture, string[]]>([
  ['a field that goes without notice', fixture([plain, gone]), ['error 1.graphql: Query']],
  ['the same in a new major version, as a warning', fixture([plain, gone], ['1.0.0', '2.0.0']), ['warning 1.graphql: Query']],
  ['no field that was deprecated', fixture([plain, deprecated, gone]), []],
  [
    'a field that was deprecated in too few releases',
    fixture([plain, deprecated, gone], undefined, twoReleases),
    ['error 2.graphql: Query'],
  ],
  ['no field that was deprecated in enough releases', fixture([deprecated, deprecated, gone], undefined, twoReleases), []],
  ['nothing where no notice is promised', fixture([plain, gone], undefined, 'deprecation: { releases: 0 }\n'), []],
])('reports %s', async (_, files, expected) => {
  expect(marked(files, await apiFindings(files, check))).toEqual(expected);
});

it('reports an API that a release has no more, at the release', async () => {
  const files = { 'upgrade.yaml': apiManifest([['1.0.0', '0.graphql'], ['1.1.0'], ['1.2.0']]), '0.graphql': plain };
  const findings = await apiFindings(files, check);
  expect(marked(files, findings)).toEqual(['error upgrade.yaml: 1.1.0']);
  expect(findings[0]?.message).toContain('clients of API store fail, because it was removed');
  expect(findings[0]?.related).toMatchObject([{ file: '/project/upgrade.yaml' }]);
});

it('leaves an API alone of which everything was deprecated', async () => {
  const files = { 'upgrade.yaml': apiManifest([['1.0.0', '0.graphql'], ['1.1.0']]), '0.graphql': 'type Query { old: Int @deprecated }' };
  expect(await apiFindings(files, check)).toEqual([]);
});
