import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ApiChange, ApiDocument } from '../api-format';
import { openApiFormat } from './openapi-format';

type Json = Record<string, unknown>;

const names = ['a', 'b', 'c'];

/** Schemas of every kind, that refer to each other and to themselves. */
const { schema } = fc.letrec<{ schema: Json; plain: Json }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('plain'),
    objects(tie('schema')),
    lists(tie('schema')),
    unions(tie('schema')),
  ),
  plain: fc.oneof(
    fc.record(
      { type: fc.constant('string'), maxLength: fc.nat(9), nullable: fc.boolean(), format: fc.constantFrom('date', 'uuid') },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      { type: fc.constantFrom('integer', 'number'), minimum: fc.integer(), multipleOf: fc.integer({ min: 1, max: 9 }) },
      { requiredKeys: ['type'] },
    ),
    fc.record({ enum: fc.uniqueArray(fc.constantFrom('x', 'y', 'z', null), { minLength: 1 }) }),
    fc.constantFrom(...names).map((name) => ({ $ref: `#/components/schemas/${name}` })),
  ),
}));

function objects(inner: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc.record(
    {
      type: fc.constant('object'),
      properties: fc.dictionary(fc.constantFrom(...names, 'type', 'constructor', '__proto__', 'x/y~z'), inner, { maxKeys: 4 }),
      required: fc.uniqueArray(fc.constantFrom(...names)),
      additionalProperties: fc.oneof(fc.constant(true), inner),
      allOf: fc.array(inner, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ['type'] },
  );
}

function lists(inner: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc.record({ type: fc.constant('array'), items: inner });
}

function unions(inner: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc.record({ oneOf: fc.array(inner, { minLength: 1, maxLength: 3 }) });
}

const content = (inner: Json) => ({ content: { 'application/json': { schema: inner } } });

const descriptions = fc
  .record({ a: schema, b: schema, c: schema, sent: schema, received: schema, parameter: schema, required: fc.boolean() })
  .map(({ a, b, c, sent, received, parameter, required }) => ({
    openapi: '3.1.0',
    security: [{ key: [] }],
    paths: {
      '/things/{id}': {
        parameters: [{ name: 'q', in: 'query', required, schema: parameter }],
        post: { operationId: 'make', requestBody: content(sent), responses: { 200: content(received), default: content(received) } },
      },
    },
    components: { schemas: { a, b, c }, securitySchemes: { key: { type: 'http', scheme: 'basic' } } },
    webhooks: { made: { post: { requestBody: content(received), responses: { 200: content(sent) } } } },
  }));

async function compare(older: unknown, newer: unknown): Promise<readonly ApiChange[]> {
  const document = (value: unknown): ApiDocument => ({
    kind: 'openapi',
    file: '/a.json',
    sources: new Map([['/a.json', JSON.stringify(value)]]),
  });
  const result = await openApiFormat.compare(document(older), document(newer), {
    today: '2030-01-01',
    deprecationDays: 0,
    compatibility: 'backward',
  });
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

/** With a note in every schema, so that none of them is passed over as unchanged. */
function noted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(noted);
  if (typeof value !== 'object' || value === null) return value;
  const inside = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, noted(each)]));
  const isSchema =
    ['string', 'integer', 'number', 'object', 'array'].includes(String(inside.type)) ||
    Array.isArray(inside.oneOf) ||
    Array.isArray(inside.enum);
  return isSchema ? { ...inside, note: 'new' } : inside;
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inside]) => [key, reversed(inside)]),
  );
}

describe('any description', () => {
  test('has not changed when it is compared with itself', async () => {
    await fc.assert(
      fc.asyncProperty(descriptions, async (description) => {
        expect(await compare(description, description)).toEqual([]);
        expect(await compare(description, noted(description))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test('has not changed when its keys are in another order', async () => {
    await fc.assert(
      fc.asyncProperty(descriptions, async (description) => {
        expect(await compare(description, reversed(noted(description)))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test('breaks nobody by something new that is optional', async () => {
    await fc.assert(
      fc.asyncProperty(descriptions, schema, async (description, added) => {
        const item = description.paths['/things/{id}'];
        const newer = {
          ...description,
          paths: {
            '/things/{id}': {
              ...item,
              parameters: [{ name: 'new', in: 'query', schema: added }, ...item.parameters],
              get: { responses: { 200: content(added) } },
              post: { ...item.post, responses: { 202: content(added), ...item.post.responses } },
            },
            '/new': { put: { requestBody: { required: true, ...content(added) } } },
          },
          webhooks: { ...description.webhooks, other: { post: { requestBody: content(added) } } },
        };
        const changes = await compare(description, newer);
        expect(changes.map(({ impact }) => impact)).toEqual(Array.from({ length: 5 }, () => 'addition'));
      }),
      { numRuns: 50 },
    );
  });

  test('breaks nobody by an optional property', async () => {
    await fc.assert(
      fc.asyncProperty(descriptions, schema, async (description, added) => {
        const wrapped = (properties: Json) => {
          const thing = { type: 'object', properties };
          return { ...description, paths: { '/a': { post: { requestBody: content(thing), responses: { 200: content(thing) } } } } };
        };
        const changes = await compare(wrapped({ old: { type: 'string' } }), wrapped({ old: { type: 'string' }, new: added }));
        expect(changes.map(({ impact }) => impact)).toEqual(['addition', 'addition']);
      }),
      { numRuns: 50 },
    );
  });

  test('breaks somebody in one direction when the other direction only gains', async () => {
    const limits = fc.tuple(fc.nat(50), fc.nat(50)).filter(([a, b]) => a !== b);
    await fc.assert(
      fc.asyncProperty(limits, async ([before, now]) => {
        const body = (maxLength: number) => content({ type: 'string', maxLength });
        const description = (maxLength: number) => ({
          openapi: '3.0.0',
          paths: { '/a': { post: { requestBody: body(maxLength), responses: { 200: body(maxLength) } } } },
        });
        const impacts = (await compare(description(before), description(now))).map(
          ({ id, impact }) => `${id.split('-')[0] ?? ''} ${impact}`,
        );
        const grows = now > before;
        expect(impacts).toEqual(grows ? ['request addition', 'response breaking'] : ['request breaking', 'response neutral']);
      }),
    );
  });
});

test('a schema as deep as anybody can write costs no stack and little time', async () => {
  let older: Json = { type: 'string' };
  let newer: Json = { type: 'integer' };
  for (let depth = 0; depth < 400; depth++) {
    older = { type: 'object', properties: { in: older } };
    newer = { type: 'object', properties: { in: newer } };
  }
  const description = (inner: Json) => ({ openapi: '3.0.0', paths: { '/a': { get: { responses: { 200: content(inner) } } } } });
  const changes = await compare(description(older), description(newer));
  expect(changes.map(({ id }) => id)).toEqual(['response-property-type-changed']);
});

test('schemas that all refer to all are compared once each', async () => {
  const count = 120;
  const properties = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`p${index}`, { $ref: `#/components/schemas/S${index}` }]),
  );
  const description = (type: string) => ({
    openapi: '3.0.0',
    paths: { '/a': { get: { responses: { 200: content({ $ref: '#/components/schemas/S0' }) } } } },
    components: {
      schemas: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`S${index}`, { type: 'object', properties: { ...properties, own: { type } } }]),
      ),
    },
  });
  const changes = await compare(description('string'), description('integer'));
  expect(changes).toHaveLength(count);
});
