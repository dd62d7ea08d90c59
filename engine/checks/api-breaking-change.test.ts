import { expect, it } from 'vitest';
import { check } from './api-breaking-change';
import { apiFindings, type ApiFixture, apiManifest, marked } from './testing/api-fixture';

const older = 'type Query { order(id: ID!): Order }\ntype Order { id: ID! total: Int! state: State }\nenum State { OPEN PAID }\n';
const narrowed = older.replace('total: Int!', 'total: Int');
const widened = older.replace('PAID', 'PAID SENT');

function fixture(versions: readonly [string, string], newer: string, entry = '1.graphql'): ApiFixture {
  const manifest = apiManifest([
    [versions[0], entry],
    [versions[1], '2.graphql'],
  ]);
  return { 'upgrade.yaml': manifest, '1.graphql': older, '2.graphql': newer };
}

it.each<[string, ApiFixture, string[]]>([
  ['an answer that may be null now', fixture(['1.0.0', '1.1.0'], narrowed), ['error 2.graphql: Int']],
  ['the same in a patch release', fixture(['1.0.0', '1.0.1'], narrowed), ['error 2.graphql: Int']],
  ['the same in a new major version, for information', fixture(['1.4.0', '2.0.0'], narrowed), ['info 2.graphql: Int']],
  ['the same in a minor version before 1.0.0, for information', fixture(['0.1.0', '0.2.0'], narrowed), ['info 2.graphql: Int']],
  ['the same in a patch before 1.0.0', fixture(['0.1.0', '0.1.1'], narrowed), ['error 2.graphql: Int']],
  [
    'the same in a beta API, for information',
    fixture(['1.0.0', '1.1.0'], narrowed, '{ file: 1.graphql, stability: beta }'),
    ['info 2.graphql: Int'],
  ],
  ['nothing in an alpha API', fixture(['1.0.0', '1.1.0'], narrowed, '{ file: 1.graphql, stability: alpha }'), []],
  ['a value that careless clients do not know, as a warning', fixture(['1.0.0', '1.1.0'], widened), ['warning 2.graphql: SENT']],
  ['no such value in a new major version', fixture(['1.0.0', '2.0.0'], widened), []],
  ['no new field', fixture(['1.0.0', '1.1.0'], older.replace('{ id', '{ note: String id')), []],
  ['no removal, which is about notice', fixture(['1.0.0', '1.1.0'], older.replace(' state: State', '')), []],
])('reports %s', async (_, files, expected) => {
  expect(marked(files, await apiFindings(files, check))).toEqual(expected);
});

it('says who breaks between which releases, and where it was', async () => {
  const files = fixture(['1.0.0', '1.1.0'], narrowed);
  const [finding] = await apiFindings(files, check);
  expect(finding?.message).toMatch(/^Clients of store that work with 1\.0\.0 break at 1\.1\.0: Clients that read `Order\.total` get Int/);
  expect(finding?.related).toMatchObject([{ file: '/project/1.graphql', range: { start: older.indexOf('Int!') } }]);
});

it('compares with the release before that was not yanked', async () => {
  const manifest = apiManifest([
    ['1.0.0', '1.graphql'],
    ['1.1.0', '2.graphql'],
    ['1.2.0', '1.graphql'],
  ]).replace('version: 1.1.0', 'version: 1.1.0\n    yanked: Answers without a total.');
  expect(await apiFindings({ ...fixture(['1.0.0', '1.1.0'], narrowed), 'upgrade.yaml': manifest }, check)).toEqual([]);
});
