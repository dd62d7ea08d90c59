import { describe, expect, test } from 'vitest';
import { memoryFiles } from '../../../../host/memory-files';
import { openApiFormat } from './openapi-format';

const options = { today: '2030-01-01', deprecationDays: 0, compatibility: 'backward' } as const;

async function read(files: Record<string, string>, file = '/p/api.yaml') {
  return openApiFormat.read(file, memoryFiles(files));
}

describe('recognising', () => {
  test.each([
    ['/a/openapi.yaml', ''],
    ['/a/shop-openapi.json', ''],
    ['/a/api.yaml', '# ours\nopenapi: "3.1.0"\n'],
    ['/a/api.json', '{ "components": {}, "openapi": "3.0.3"'],
    ['/a/api.yaml', 'swagger: "2.0"'],
  ])('takes %s', (file, text) => expect(openApiFormat.recognises(file, text)).toBe(true));

  test.each([
    ['/a/schema.json', '{ "$schema": "https://json-schema.org/draft/2020-12/schema" }'],
    ['/a/notes.md', 'openapi: 3.0.0'],
    ['/a/upgrade.yaml', 'apis: { rest: openapi.yaml }'],
    ['/a/schema.graphql', 'type Query { openapi: String }'],
  ])('leaves %s alone', (file, text) => expect(openApiFormat.recognises(file, text)).toBe(false));
});

describe('reading', () => {
  test('follows references to other files, in every direction and each once', async () => {
    const document = await read({
      '/p/api.yaml': "openapi: 3.0.3\npaths: { /a: { $ref: 'paths/a%20b.yaml' } }\n",
      '/p/paths/a b.yaml': "get: { responses: { '200': { content: { application/json: { schema: { $ref: '../models.json#/Pet' } } } } } }",
      '/p/models.json':
        '{ "Pet": { "type": "object", "properties": { "default": { "$ref": "./pet/owner.yaml" }, "self": { "$ref": "#/Pet" } } } }',
      '/p/pet/owner.yaml': "type: object\nproperties: { home: { $ref: '../api.yaml#/components' } }\nexample: { $ref: nowhere.yaml }\n",
    });
    expect(document.ok && [...document.value.sources.keys()]).toEqual([
      '/p/api.yaml',
      '/p/paths/a b.yaml',
      '/p/models.json',
      '/p/pet/owner.yaml',
    ]);
  });

  test('leaves addresses in a network alone', async () => {
    const document = await read({
      '/p/api.yaml': "openapi: 3.0.3\ncomponents: { schemas: { A: { $ref: 'https://example.org/a.yaml' } } }\n",
    });
    expect(document.ok && [...document.value.sources.keys()]).toEqual(['/p/api.yaml']);
  });

  test('names the line of a reference to a file that is not there', async () => {
    const document = await read({ '/p/api.yaml': 'openapi: 3.0.3\npaths:\n  /a:\n    $ref: a.yaml\n' });
    expect(document).toMatchObject({ ok: false, problem: { code: 'api-invalid', file: '/p/api.yaml', line: 4 } });
  });

  test.each([
    ['a broken file', { '/p/api.yaml': 'openapi: 3.0.3\npaths: [\n' }, { code: 'api-invalid', file: '/p/api.yaml', line: 3 }],
    [
      'a broken file that is referred to',
      { '/p/api.yaml': 'openapi: 3.0.3\npaths: { $ref: a.json }', '/p/a.json': '{\n"a": }' },
      { code: 'api-invalid', file: '/p/a.json', line: 2 },
    ],
    ['Swagger 2.0', { '/p/api.yaml': 'swagger: "2.0"\n' }, { code: 'api-invalid', remedy: /Convert/ }],
    ['something else', { '/p/api.yaml': 'hello\n' }, { code: 'api-invalid', file: '/p/api.yaml', line: 1 }],
    ['nothing', {}, { code: 'file-not-found' }],
  ])('refuses %s', async (_, files, problem) => {
    const { remedy, ...rest } = problem as { remedy?: RegExp };
    const document = await read(files as unknown as Record<string, string>);
    expect(document).toMatchObject({ ok: false, problem: rest });
    if (remedy) expect(!document.ok && document.problem.remedy).toMatch(remedy);
  });

  test('places a change in the file where it is', async () => {
    const files = (type: string) => ({
      '/p/api.yaml':
        "openapi: 3.0.3\npaths: { /a: { get: { responses: { '200': { content: { application/json: { schema: { $ref: models.yaml#/Pet } } } } } } } }\n",
      '/p/models.yaml': `Pet:\n  type: object\n  properties:\n    size:\n      type: ${type}\n`,
    });
    const [older, newer] = [await read(files('string')), await read(files('integer'))];
    if (!older.ok || !newer.ok) throw new Error('not read');
    const changes = await openApiFormat.compare(older.value, newer.value, options);
    const start = files('integer')['/p/models.yaml'].indexOf('integer');
    expect(changes).toMatchObject({
      ok: true,
      value: [
        {
          id: 'response-property-type-changed',
          place: { file: '/p/models.yaml', range: { start, end: start + 7 } },
          before: { file: '/p/models.yaml' },
        },
      ],
    });
    expect(changes.ok && changes.value[0]).toMatchObject({
      message: '`Pet.size` in responses changes from string to integer',
      details: 'Clients get what the older description rules out. This concerns `GET /a`.',
    });
  });

  test('names two operations and counts the others', async () => {
    const description = (type: string) => {
      const path = (name: string) => `  /${name}: { get: { responses: { '200': { $ref: '#/components/responses/R' } } } }\n`;
      return `openapi: 3.0.3\npaths:\n${['a', 'b', 'c', 'd'].map(path).join('')}components: { responses: { R: { content: { text/plain: { schema: { type: ${type} } } } } } }\n`;
    };
    const [older, newer] = [await read({ '/p/api.yaml': description('string') }), await read({ '/p/api.yaml': description('boolean') })];
    if (!older.ok || !newer.ok) throw new Error('not read');
    const changes = await openApiFormat.compare(older.value, newer.value, options);
    expect(changes).toMatchObject({
      value: [
        {
          message: 'The 200 response body of 4 operations changes from string to boolean',
          details: expect.stringMatching(/This concerns `GET \/a`, `GET \/b` and 2 other operations\.$/) as string,
        },
      ],
    });
  });
});
