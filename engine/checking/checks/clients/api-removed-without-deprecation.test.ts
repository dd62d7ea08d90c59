import { expect, it } from 'vitest';
import { check } from './api-removed-without-deprecation';
import { type ProjectFixture, apiManifest, projectCheck } from '../testing/project-check';

const { findingsIn, placesIn } = projectCheck(check);

const plain = 'type Query { orders: [Int] old: Int }\n';
const deprecated = plain.replace('old: Int', 'old: Int @deprecated');
const gone = plain.replace(' old: Int', '');

function fixture(texts: readonly string[], versions = ['1.0.0', '1.1.0', '1.2.0'], settings = ''): ProjectFixture {
  const releases = texts.map((_, index) => [versions[index] ?? '', `${index}.graphql`] as const);
  return { 'upgrade.yaml': apiManifest(releases, settings), ...Object.fromEntries(texts.map((text, index) => [`${index}.graphql`, text])) };
}

const twoReleases = 'deprecation: { releases: 2 }\n';

it.each<[string, ProjectFixture, string[]]>([
  ['a field that is removed without notice', fixture([plain, gone]), ['error 1.graphql: Query']],
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
  expect(await placesIn(files)).toEqual(expected);
});

it('reports an API that a release removes, at the release', async () => {
  const files = { 'upgrade.yaml': apiManifest([['1.0.0', '0.graphql'], ['1.1.0'], ['1.2.0']]), '0.graphql': plain };
  const findings = await findingsIn(files);
  expect(await placesIn(files)).toEqual(['error upgrade.yaml: 1.1.0']);
  expect(findings[0]).toMatchObject({
    message: 'The API store is removed',
    details: '1.1.0 breaks clients of store built for 1.0.0 without notice. Not all of it was deprecated.',
    advice: 'Mark it as deprecated in one release, and remove it in a later one.',
  });
  expect(findings[0]?.related).toMatchObject([{ file: '/project/upgrade.yaml' }]);
});

it.each([
  [[plain, gone], undefined, '1.1.0 breaks clients of store built for 1.0.0 without notice.', 'It was not deprecated.'],
  [
    [plain, deprecated, gone],
    twoReleases,
    '1.2.0 breaks clients of store built for 1.1.0 without notice.',
    'It was deprecated. 1.0.0 had not deprecated it yet, and the manifest promises 2 releases of notice.',
  ],
])('says how a removal was announced', async (texts, settings, clients, notice) => {
  const [finding] = await findingsIn(fixture(texts, undefined, settings));
  expect(finding?.message).toBe('`Query.old` is removed');
  expect(finding?.details).toBe(`${clients} Operations that select it are refused. ${notice}`);
});

it('reports a sunset date that clients cannot rely on', async () => {
  const openapi = (sunset: string) =>
    `openapi: 3.1.0\npaths: { /a: { get: { deprecated: true, x-sunset: ${sunset}, responses: { '200': { description: ok } } } } }\n`;
  const files = {
    'upgrade.yaml': apiManifest([
      ['1.0.0', '0.yaml'],
      ['1.1.0', '1.yaml'],
    ]),
    '0.yaml': openapi('2027-05-01'),
    '1.yaml': openapi('2027-03-01'),
  };
  const [finding] = await findingsIn(files);
  expect(finding?.message).toBe('`GET /a` now ends on 2027-03-01 instead of 2027-05-01');
  expect(finding?.details).toBe('Clients of store built for 1.0.0 cannot rely on the notice in 1.1.0.');
  expect(finding?.advice).toBeUndefined();
});

it('leaves an API alone of which everything was deprecated', async () => {
  const files = { 'upgrade.yaml': apiManifest([['1.0.0', '0.graphql'], ['1.1.0']]), '0.graphql': 'type Query { old: Int @deprecated }' };
  expect(await findingsIn(files)).toEqual([]);
});
