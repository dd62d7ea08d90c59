import { expect, it } from 'vitest';
import { wellNamed } from '../../../checks/testing/well-written';
import { memoryFiles } from '../../../../host/memory-files';
import type { SchemaMode } from '../../../../inputs/manifest/schema';
import type { ApiChange } from '../api-format';
import { jsonSchemaFormat } from './json-schema-format';

async function compared(files: Record<string, string>, compatibility: SchemaMode): Promise<readonly ApiChange[]> {
  const [older, newer] = await Promise.all(['/old/a.json', '/new/a.json'].map((file) => jsonSchemaFormat.read(file, memoryFiles(files))));
  if (!older?.ok || !newer?.ok) throw new Error(JSON.stringify([older, newer]));
  const changes = await jsonSchemaFormat.compare(older.value, newer.value, { today: '2026-06-01', deprecationDays: 0, compatibility });
  if (!changes.ok) throw new Error(changes.problem.message);
  return wellNamed(changes.value);
}

/** Ids of what breaks the mode; those that cannot be told have a question mark. */
async function violations(older: unknown, newer: unknown, mode: SchemaMode = 'backward'): Promise<string[]> {
  const changes = await compared({ '/old/a.json': JSON.stringify(older), '/new/a.json': JSON.stringify(newer) }, mode);
  return changes.filter(({ impact }) => impact !== 'addition').map(({ id, impact }) => (impact === 'risky' ? `${id}?` : id));
}

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const closed = (properties: object, more: object = {}) => object(properties, { additionalProperties: false, ...more });
const text = { type: 'string' };
const whole = { type: 'integer' };
const draft7 = { $schema: 'http://json-schema.org/draft-07/schema#' };
const tree = (more: object = {}) => ({
  $ref: '#/$defs/node',
  $defs: { node: closed({ value: whole, left: { $ref: '#/$defs/node' }, ...more }) },
});

// older, newer, what breaks backward, what breaks forward
it.each<[string, unknown, unknown, string[], string[]]>([
  ['a property more, closed', closed({}), closed({ a: text }), [], ['property-added-to-closed-model']],
  ['a property more, open', object({}), object({ a: text }), ['property-added-to-open-model?'], []],
  ['a property less, open', object({ a: text }), object({}), [], ['property-removed-from-open-model?']],
  [
    'a property more that the rest of them does not cover',
    object({}, { additionalProperties: text }),
    object({ a: whole }, { additionalProperties: text }),
    ['property-added-not-covered-by-partially-open-model'],
    ['type-widened'],
  ],
  [
    'a property more that the rest of them covers',
    object({}, { additionalProperties: text }),
    object({ a: text }, { additionalProperties: text }),
    [],
    [],
  ],
  ['a model that is closed', object({ a: text }), closed({ a: text }), ['additional-properties-narrowed'], []],
  ['a required property', object({ a: text }), object({ a: text }, { required: ['a'] }), ['required-property-added'], []],
  [
    'a required property with a default',
    object({ a: { ...text, default: '' } }),
    object({ a: { ...text, default: '' } }, { required: ['a'] }),
    ['required-property-added?'],
    [],
  ],
  ['an optional property', object({ a: text }, { required: ['a'] }), object({ a: text }), [], ['required-property-removed']],
  ['a narrower type', { type: 'number' }, whole, ['type-narrowed'], []],
  ['a number that is whole anyway', { type: 'number', multipleOf: 2 }, whole, [], ['multiple-of-widened']],
  ['null as well', text, { type: ['string', 'null'] }, [], ['type-widened']],
  ['null as well, written otherwise', { type: ['string', 'null'] }, { anyOf: [{ type: 'null' }, text] }, [], []],
  ['a value less', { enum: ['a', 'b'] }, { enum: ['a'] }, ['enum-narrowed'], []],
  ['a value more', { enum: ['a'] }, { enum: ['a', 'b'] }, [], ['enum-widened']],
  ['a list in place of a constant', { const: 'a' }, { enum: ['a', 'b'] }, [], ['enum-widened']],
  ['a limit', { type: 'number' }, { type: 'number', minimum: 1 }, ['minimum-narrowed'], []],
  ['the same limit for whole numbers', { type: 'integer', exclusiveMinimum: 0 }, { type: 'integer', minimum: 1 }, [], []],
  ['a shorter text', { type: 'string', maxLength: 9 }, { type: 'string', maxLength: 5 }, ['max-length-narrowed'], []],
  ['a pattern', text, { type: 'string', pattern: '^a' }, ['pattern-narrowed'], []],
  ['another pattern', { type: 'string', pattern: '^ab' }, { type: 'string', pattern: '^a' }, ['pattern-narrowed?'], ['pattern-widened?']],
  ['a format', text, { type: 'string', format: 'date' }, ['format-narrowed?'], []],
  ['items', { type: 'array', items: { type: 'number' } }, { type: 'array', items: whole }, ['type-narrowed'], []],
  [
    'the second of some items',
    { type: 'array', prefixItems: [text, text] },
    { type: 'array', prefixItems: [text, whole] },
    ['type-narrowed'],
    ['type-widened'],
  ],
  ['more items than fit', { type: 'array', maxItems: 3 }, { type: 'array', maxItems: 2 }, ['max-items-narrowed'], []],
  ['a list of different items', { type: 'array' }, { type: 'array', uniqueItems: true }, ['unique-items-narrowed'], []],
  ['a dependency', object({}), object({}, { dependentRequired: { a: ['b'] } }), ['dependency-narrowed'], []],
  [
    'a dependency in draft 07',
    { ...draft7, ...object({}) },
    { ...draft7, ...object({}, { dependencies: { a: ['b'] } }) },
    ['dependency-narrowed'],
    [],
  ],
  ['an alternative less', { anyOf: [text, whole] }, { anyOf: [text] }, ['combined-type-narrowed'], []],
  ['an alternative more', { oneOf: [text] }, { oneOf: [text, whole] }, [], ['combined-type-widened']],
  [
    'a kind of object more',
    { oneOf: [closed({ kind: { const: 'a' } }, { required: ['kind'] })] },
    { oneOf: [closed({ kind: { const: 'a' } }, { required: ['kind'] }), closed({ kind: { const: 'b' } }, { required: ['kind'] })] },
    [],
    ['combined-type-widened'],
  ],
  ['a part moved to a definition', object({ a: text }), { ...object({ a: { $ref: '#/$defs/t' } }), $defs: { t: text } }, [], []],
  ['a part of all', object({ a: text }), { allOf: [object({ a: text })] }, [], []],
  ['a tree that is the same', tree(), { ...tree(), title: 'Tree' }, [], []],
  ['a property of a tree', tree(), tree({ right: { $ref: '#/$defs/node' } }), [], ['property-added-to-closed-model']],
  ['what `not` excludes', object({}), object({}, { not: { required: ['a'] } }), ['not-narrowed'], []],
  [
    'a condition',
    object({ a: text }),
    { ...object({ a: text }), if: { required: ['a'] }, then: { required: ['b'] } },
    ['required-property-added'],
    [],
  ],
  ['words', { ...text, description: 'a' }, { ...text, description: 'b', examples: [1] }, [], []],
])('judges %s', async (_, older, newer, backward, forward) => {
  expect(await violations(older, newer, 'backward')).toEqual(backward);
  expect(await violations(older, newer, 'forward')).toEqual(forward);
  expect((await violations(older, newer, 'full-transitive')).sort()).toEqual([...backward, ...forward].sort());
  expect(await violations(older, newer, 'none')).toEqual([]);
});

it('follows references to other files and marks what changed in them', async () => {
  const order = JSON.stringify(object({ item: { $ref: 'item.json#/$defs/item' } }));
  const item = (type: string) => `{ "$defs": { "item": { "type": "${type}" } } }`;
  const newer = item('integer');
  const files = { '/old/a.json': order, '/old/item.json': item('number'), '/new/a.json': order, '/new/item.json': newer };
  const [change] = await compared(files, 'backward');
  expect(change).toMatchObject({ id: 'type-narrowed', place: { file: '/new/item.json' }, before: { file: '/old/item.json' } });
  expect(newer.slice(change?.place.range.start, change?.place.range.end)).toBe('"integer"');
  expect(change).toMatchObject({
    message: '`item` in old data may be number, but only integer is accepted',
    details: 'Data that earlier releases wrote is refused.',
  });
});

it.each([
  ['a syntax error', '{ "type": "object",\n}', 2],
  ['a reference to nothing', '{\n "$ref": "#/$defs/a" }', 2],
  ['a list', '[]', 1],
])('refuses %s, naming the line', async (_, schema, line) => {
  const read = await jsonSchemaFormat.read('/a.json', memoryFiles({ '/a.json': schema }));
  expect(read).toMatchObject({ ok: false, problem: { code: 'api-invalid', line } });
});

it('recognises schemas by name, dialect or keywords, and no OpenAPI', () => {
  expect(jsonSchemaFormat.recognises('/order.schema.json', '{')).toBe(true);
  expect(jsonSchemaFormat.recognises('/order.yaml', 'type: object\nproperties:\n  a: {}\n')).toBe(true);
  expect(jsonSchemaFormat.recognises('/order.json', '{\n  "$schema": "https://json-schema.org/draft/2020-12/schema"')).toBe(true);
  expect(jsonSchemaFormat.recognises('/api.yaml', 'openapi: 3.1.0\npaths: {}\n')).toBe(false);
  expect(jsonSchemaFormat.recognises('/notes.yaml', 'hello: world\n')).toBe(false);
});
