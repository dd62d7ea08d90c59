import { expect, it } from 'vitest';
import { check } from './api-breaking-change';
import { type ProjectFixture, apiManifest, projectCheck } from '../testing/project-check';

const { findingsIn, placesIn } = projectCheck(check);

const older = 'type Query { order(id: ID!): Order }\ntype Order { id: ID! total: Int! state: State }\nenum State { OPEN PAID }\n';
const narrowed = older.replace('total: Int!', 'total: Int');
const widened = older.replace('PAID', 'PAID SENT');

function fixture(versions: readonly [string, string], newer: string, entry = '1.graphql'): ProjectFixture {
  const manifest = apiManifest([
    [versions[0], entry],
    [versions[1], '2.graphql'],
  ]);
  return { 'upgrade.yaml': manifest, '1.graphql': older, '2.graphql': newer };
}

it.each<[string, ProjectFixture, string[]]>([
  ['a response field that can now be null', fixture(['1.0.0', '1.1.0'], narrowed), ['error 2.graphql: Int']],
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
  ['a new value that careless clients do not expect, as a warning', fixture(['1.0.0', '1.1.0'], widened), ['warning 2.graphql: SENT']],
  ['no such value in a new major version', fixture(['1.0.0', '2.0.0'], widened), []],
  ['no new field', fixture(['1.0.0', '1.1.0'], older.replace('{ id', '{ note: String id')), []],
  ['no removal, which is about notice', fixture(['1.0.0', '1.1.0'], older.replace(' state: State', '')), []],
])('reports %s', async (_, files, expected) => {
  expect(await placesIn(files)).toEqual(expected);
});

it('names the element, the clients that break, and the place in the earlier description', async () => {
  const files = fixture(['1.0.0', '1.1.0'], narrowed);
  const [finding] = await findingsIn(files);
  expect(finding).toMatchObject({
    message: '`Order.total` can now be null',
    details: '1.1.0 breaks clients of store built for 1.0.0. Its type changes from `Int!` to `Int`.',
    advice: 'Keep the old form as well, or release a new major version.',
  });
  expect(finding?.related).toMatchObject([{ file: '/project/1.graphql', range: { start: older.indexOf('Int!') } }]);
});

it.each<[string, ProjectFixture, string]>([
  [
    'a risky change',
    fixture(['1.0.0', '1.1.0'], widened),
    '1.1.0 may break clients of store built for 1.0.0. Clients that handle every value',
  ],
  [
    'a major version',
    fixture(['1.0.0', '2.0.0'], narrowed),
    '2.0.0 breaks clients of store built for 1.0.0, which its version number allows.',
  ],
  [
    'a beta API',
    fixture(['1.0.0', '1.1.0'], narrowed, '{ file: 1.graphql, stability: beta }'),
    '1.1.0 breaks clients of store built for 1.0.0, which a beta API allows.',
  ],
])('gives no advice on %s', async (_, files, details) => {
  const [finding] = await findingsIn(files);
  expect(finding?.details?.slice(0, details.length)).toBe(details);
  expect(finding?.advice).toBeUndefined();
});

it('compares with the release before that was not yanked', async () => {
  const manifest = apiManifest([
    ['1.0.0', '1.graphql'],
    ['1.1.0', '2.graphql'],
    ['1.2.0', '1.graphql'],
  ]).replace('version: 1.1.0', 'version: 1.1.0\n    yanked: Answers without a total.');
  expect(await findingsIn({ ...fixture(['1.0.0', '1.1.0'], narrowed), 'upgrade.yaml': manifest })).toEqual([]);
});
