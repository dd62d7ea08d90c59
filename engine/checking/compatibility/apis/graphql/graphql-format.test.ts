import { expect, it } from 'vitest';
import { wellNamed } from '../../../checks/testing/well-written';
import { memoryFiles } from '../../../../host/memory-files';
import type { ApiChange } from '../api-format';
import { graphqlFormat } from './graphql-format';

const options = { today: '2026-06-01', deprecationDays: 0, compatibility: 'backward' } as const;

async function read(files: Record<string, string>, file: string) {
  const document = await graphqlFormat.read(file, memoryFiles(files));
  if (!document.ok) throw new Error(`${document.problem.message} ${document.problem.cause ?? ''}`);
  return document.value;
}

async function compared(older: string, newer: string): Promise<readonly ApiChange[]> {
  const files = { '/old.graphql': older, '/new.graphql': newer };
  const changes = await graphqlFormat.compare(await read(files, '/old.graphql'), await read(files, '/new.graphql'), options);
  if (!changes.ok) throw new Error(changes.problem.message);
  return wellNamed(changes.value);
}

/** `impact id`, what is marked in the newer text, and whether it was announced. */
async function summary(older: string, newer: string): Promise<string[]> {
  const marked = ({ place }: ApiChange) => newer.slice(place.range.start, place.range.end);
  const notice = ({ announced }: ApiChange) => (announced === undefined ? '' : announced ? ', announced' : ', not announced');
  return (await compared(older, newer)).map((change) => `${change.impact} ${change.id} at ${marked(change)}${notice(change)}`);
}

const rest = 'type User { id: ID! name: String! } enum Kind { A B } input In { a: Int = 1 }';
const query = (fields: string, others = rest) => `type Query { me: User kinds: [Kind] find(in: In): User ${fields} }\n${others}`;

it.each<[string, string, string, string[]]>([
  ['a field that goes', query('old: Int'), query(''), ['breaking field-removed at Query, not announced']],
  ['a deprecated field that goes', query('old: Int @deprecated'), query(''), ['breaking field-removed at Query, announced']],
  [
    'a field that goes before its day',
    query('old: Int @deprecated(reason: "Gone from 2026-07-01 on.")'),
    query(''),
    ['breaking field-removed at Query, not announced'],
  ],
  ['a new field', query(''), query('fresh: Int'), ['addition field-added at fresh']],
  ['a new argument that must be sent', query('f: Int'), query('f(a: Int!): Int'), ['breaking field-argument-added at a']],
  ['a new argument that may be left out', query('f: Int'), query('f(a: Int): Int'), ['addition field-argument-added at a']],
  ['a new argument with a default', query('f: Int'), query('f(a: Int! = 1): Int'), ['addition field-argument-added at a']],
  ['an argument that goes', query('f(a: Int): Int'), query('f: Int'), ['breaking field-argument-removed at f, not announced']],
  ['an answer that may be null now', query('f: Int!'), query('f: Int'), ['breaking field-type-changed at Int']],
  ['an answer that is never null now', query('f: Int'), query('f: Int!'), ['neutral field-type-changed at Int!']],
  ['another default', query('f(a: Int = 1): Int'), query('f(a: Int = 2): Int'), ['risky field-argument-default-changed at 2']],
  [
    'a required argument whose default goes',
    query('f(a: Int! = 1): Int'),
    query('f(a: Int!): Int'),
    ['breaking field-argument-default-changed at a'],
  ],
  [
    'an optional argument whose default goes',
    query('f(a: Int = 1): Int'),
    query('f(a: Int): Int'),
    ['risky field-argument-default-changed at a'],
  ],
  [
    'a required argument with another default',
    query('f(a: Int! = 1): Int'),
    query('f(a: Int! = 2): Int'),
    ['risky field-argument-default-changed at 2'],
  ],
  [
    'a required argument of an interface whose default goes',
    query('i: I', `${rest} interface I { f(a: [Int!]! = []): Int } type T implements I { f(a: [Int!]! = []): Int }`),
    query('i: I', `${rest} interface I { f(a: [Int!]!): Int } type T implements I { f(a: [Int!]!): Int }`),
    ['breaking field-argument-default-changed at a', 'breaking field-argument-default-changed at a'],
  ],
  [
    'a directive of operations whose required argument loses its default',
    query('', `${rest} directive @shorten(to: Int! = 9) on FIELD | FIELD_DEFINITION`),
    query('', `${rest} directive @shorten(to: Int!) on FIELD | FIELD_DEFINITION`),
    ['breaking directive-argument-default-value-changed at to'],
  ],
  [
    'a directive of schemas whose required argument loses its default',
    query('', `${rest} directive @cost(of: Int! = 9) on FIELD_DEFINITION`),
    query('', `${rest} directive @cost(of: Int!) on FIELD_DEFINITION`),
    ['risky directive-argument-default-value-changed at of'],
  ],
  ['a new value in answers', query(''), query('', rest.replace('A B', 'A B C')), ['risky enum-value-added at C']],
  ['a value that goes', query(''), query('', rest.replace('A B', 'A')), ['breaking enum-value-removed at Kind, not announced']],
  [
    'a new value that is only sent',
    query('f(order: Order): Int', `${rest} enum Order { UP }`),
    query('f(order: Order): Int', `${rest} enum Order { UP DOWN }`),
    ['addition enum-value-added at DOWN'],
  ],
  ['a new required input', query(''), query('', rest.replace('= 1', '= 1 b: Int!')), ['breaking input-field-added at b']],
  ['an input that became required', query(''), query('', rest.replace('Int = 1', 'Int!')), ['breaking input-field-type-changed at Int!']],
  [
    'a type that only a deprecated field led to',
    query('old: Old @deprecated', `${rest} type Old { a: Int }`),
    query(''),
    ['breaking type-removed at Query, announced', 'breaking field-removed at Query, announced'],
  ],
  ['a whole new type', query(''), query('', `${rest} type Fresh { a: Int b: Int }`), ['addition type-added at Fresh']],
  ['a directive for servers', query('f: Int @cost'), query('f: Int @cost @auth'), ['neutral directive-usage-field-definition-added at f']],
  ['words', query(''), `"Everything."\n${query('')}`, ['neutral type-description-added at Query']],
  ['nothing', query(''), query(''), []],
])('tells %s', async (_, older, newer, expected) => {
  expect((await summary(older, newer)).filter((each) => !/input-field-default-value-changed/.test(each))).toEqual(expected);
});

it('tells that an input that loses its default has to be sent', async () => {
  const withIn = (field: string) => query('', rest.replace('a: Int = 1', field));
  expect(await summary(withIn('a: Int! = 1'), withIn('a: Int!'))).toEqual(['breaking input-field-default-value-changed at a']);
  const [change] = await compared(withIn('a: Int! = 1'), withIn('a: Int!'));
  expect(change).toMatchObject({
    message: '`In.a` is now required',
    details: 'It no longer has a default. Operations that leave it out are refused.',
  });
  expect(await summary(withIn('a: Int = 1'), withIn('a: Int!'))).toEqual([
    'breaking input-field-default-value-changed at a',
    'breaking input-field-type-changed at Int!',
  ]);
});

it('names the element in the older description and says what clients feel', async () => {
  const older = query('old: Int');
  const [change] = await compared(older, query(''));
  expect(change?.before && older.slice(change.before.range.start, change.before.range.end)).toBe('old');
  expect(change?.before?.file).toBe('/old.graphql');
  expect(change).toMatchObject({
    message: '`Query.old` is removed',
    details: 'Operations that select it are refused. It was not deprecated.',
  });
});

it.each([
  ['Order', 'Order!', '`Query.f` changes from `Order` to `Order!`'],
  ['Int!', 'Int', '`Query.f` can now be null'],
  ['[Int]', 'Int', '`Query.f` changes from `[Int]` to `Int`'],
])('words the change of a field from %s to %s', async (older, newer, message) => {
  const types = `${rest} type Order { a: Int }`;
  const changes = await compared(query(`f: ${older}`, types), query(`f: ${newer}`, types));
  expect(changes.map((change) => change.message)).toEqual([message]);
});

it('follows imports and marks the file where a part is', async () => {
  const files = {
    '/api/schema.graphql': '#import "./user.graphql"\ntype Query { me: User }',
    '/api/user.graphql': '# import Query from "schema.graphql"\ntype User { id: ID! }',
    '/api2/schema.graphql': '#import "./user.graphql"\ntype Query { me: User }',
    '/api2/user.graphql': 'type User { id: ID }',
  };
  const newer = await read(files, '/api2/schema.graphql');
  expect([...newer.sources.keys()]).toEqual(['/api2/schema.graphql', '/api2/user.graphql']);
  const changes = await graphqlFormat.compare(await read(files, '/api/schema.graphql'), newer, options);
  expect(changes).toMatchObject({ ok: true, value: [{ id: 'field-type-changed', place: { file: '/api2/user.graphql' } }] });
});

it('reads parts that extend types of a part that is not here', async () => {
  expect(await summary('extend type Query { a: Int b: Int }', 'extend type Query { a: Int }')).toEqual([
    'breaking field-removed at Query, not announced',
  ]);
});

it.each([
  ['a syntax error', 'type Query {\n  a Int\n}', 2],
  ['an unknown type', 'type Query {\n  a: Missing\n}', 2],
  ['a field twice', 'type Query {\n  a: Int\n  a: Int\n}', 2],
])('refuses %s, naming the line', async (_, text, line) => {
  const document = await graphqlFormat.read('/a.graphql', memoryFiles({ '/a.graphql': text }));
  expect(document).toMatchObject({ ok: false, problem: { code: 'api-invalid', file: '/a.graphql', line } });
});

it('recognises schemas by name and by their first definition', () => {
  expect(graphqlFormat.recognises('/a.graphqls', '')).toBe(true);
  expect(graphqlFormat.recognises('/a.txt', '# words\n"""\nAll.\n"""\ntype Query { a: Int }')).toBe(true);
  expect(graphqlFormat.recognises('/a.yaml', 'type: object')).toBe(false);
  expect(graphqlFormat.recognises('/a.txt', 'type: object')).toBe(false);
});
