import { afterEach, describe, expect, it, vi } from 'vitest';
import { wellNamed } from '../../../checks/testing/well-written';
import { findBuf } from './buf';
import { memoryFiles } from '../../../../host/memory-files';
import type { ApiChange } from '../api-format';
import { elementIn } from './proto-elements';
import { protobufFormat } from './protobuf-format';

const options = { today: '2026-06-01', deprecationDays: 0, compatibility: 'backward' } as const;
const older = `syntax = "proto3";
package shop;
import "shop/item.proto";
// message Order { string comment = 2; }
message Order {
  string id = 1;
  int32 total = 2;
  string note = 3 [deprecated = true];
  Item item = 4;
}
service Shop {
  rpc Find(Order) returns (Order);
  rpc Old(Order) returns (Order) { option deprecated = true; }
}
`;

const files = (newer: string) =>
  memoryFiles({
    '/api/1.0/shop.proto': older,
    '/api/shop/item.proto': 'syntax = "proto3";\npackage shop;\nmessage Item { string id = 1; }\n',
    '/api/1.1/shop-api.proto': newer,
  });

async function compared(newer: string) {
  const [before, after] = await Promise.all(
    ['/api/1.0/shop.proto', '/api/1.1/shop-api.proto'].map((file) => protobufFormat.read(file, files(newer))),
  );
  if (!before?.ok || !after?.ok) throw new Error('cannot be read');
  return protobufFormat.compare(before.value, after.value, options);
}

afterEach(() => vi.unstubAllEnvs());

it('reads imports from the folders above', async () => {
  const read = await protobufFormat.read('/api/1.0/shop.proto', files(''));
  expect(read.ok && [...read.value.sources.keys()]).toEqual(['/api/1.0/shop.proto', '/api/shop/item.proto']);
});

it('says what to install where buf is not there, and runs nothing of a relative PATH', async () => {
  vi.stubEnv('PATH', 'node_modules/.bin');
  expect(await compared(older)).toMatchObject({ ok: false, problem: { code: 'api-tool-missing' } });
});

it.each([
  ['Previously present field "2" with name "total" on message "Order" was deleted.', 'int32 total = 2;', false],
  ['Previously present field "3" with name "note" on message "Order" was deleted.', 'string note = 3 [deprecated = true];', true],
  ['Previously present RPC "Old" on service "Shop" was deleted.', 'rpc Old(Order) returns (Order) { option deprecated = true; }', true],
  ['Previously present message "Order" was deleted from file.', 'message Order', false],
])('finds in the older description: %s', (message, text, deprecated) => {
  const found = elementIn({ kind: 'protobuf', file: '/a.proto', sources: new Map([['/a.proto', older]]) }, message);
  expect(found && older.slice(found.place.range.start, found.place.range.end)).toBe(text);
  expect(found?.deprecated).toBe(deprecated);
});

describe.runIf(await findBuf())('with buf', () => {
  it('tells what breaks, with places in both and what was announced', async () => {
    const newer = older
      .replace('int32 total = 2', 'string total = 2')
      .replace('  string note = 3 [deprecated = true];\n', '')
      .replace('  rpc Find(Order) returns (Order);\n', '');
    const changes = await compared(newer);
    if (!changes.ok) throw new Error(`${changes.problem.message} ${changes.problem.cause ?? ''}`);
    const shown = ({ id, impact, announced, place, before }: ApiChange) =>
      [
        impact,
        id,
        announced ?? '-',
        newer.slice(place.range.start, place.range.end),
        before && older.slice(before.range.start, before.range.end),
      ].join(' | ');
    expect(changes.value.map(shown)).toEqual([
      'breaking | field-no-delete | true | message Order { | string note = 3 [deprecated = true];',
      'breaking | field-same-type | - | string | int32 total = 2;',
      'breaking | rpc-no-delete | false | service Shop { | rpc Find(Order) returns (Order);',
    ]);
    expect(changes.value[0]?.place.file).toBe('/api/1.1/shop-api.proto');
    expect(wellNamed(changes.value)[0]).toMatchObject({
      message: 'Field "3" with name "note" on message "Order" was deleted',
      details: 'Code generated from the earlier description no longer fits. It was deprecated.',
    });
  });

  it('finds nothing between files of other names with the same content', async () => {
    expect(await compared(older)).toEqual({ ok: true, value: [] });
  });

  /** The ids of the changes between two versions of an API, each a `main.proto` in a folder with what it imports. */
  async function changed(before: Record<string, string>, now: Record<string, string>): Promise<string[]> {
    const place = (folder: string, texts: Record<string, string>) =>
      Object.entries(texts).map(([name, text]) => [`/${folder}/${name}`, `syntax = "proto3";\npackage shop;\n${text}`]);
    const all = memoryFiles(Object.fromEntries([...place('old', before), ...place('new', now)]) as Record<string, string>);
    const [one, other] = [await protobufFormat.read('/old/main.proto', all), await protobufFormat.read('/new/main.proto', all)];
    if (!one.ok || !other.ok) throw new Error('cannot be read');
    const changes = await protobufFormat.compare(one.value, other.value, options);
    if (!changes.ok) throw new Error(`${changes.problem.message} ${changes.problem.cause ?? ''}`);
    return wellNamed(changes.value).map(({ id, message }) => `${id} ${/"([^"]+)"/.exec(message)?.[1] ?? ''}`);
  }

  const order = 'message Order { string id = 1; }';
  const item = 'message Item { string id = 1; }';
  it.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['of Protocol Buffers itself', { 'main.proto': `import "google/protobuf/empty.proto";\n${order}` }, { 'main.proto': order }, []],
    ['of a file that nothing uses', { 'main.proto': `import "item.proto";\n${order}`, 'item.proto': item }, { 'main.proto': order }, []],
    [
      'of options only',
      {
        'main.proto': `import "limits.proto";\nmessage Order { string id = 1 [(longest) = 9]; }`,
        'limits.proto':
          'import "google/protobuf/descriptor.proto";\nextend google.protobuf.FieldOptions { optional int32 longest = 50000; }',
      },
      { 'main.proto': order },
      [],
    ],
    [
      'of a file whose type moved',
      { 'main.proto': `import "item.proto";\nmessage Order { Item id = 1; }`, 'item.proto': item },
      { 'main.proto': `message Order { Item id = 1; }\n${item}` },
      ['file-no-delete item.proto'],
    ],
    [
      'of a file whose type is used over another file',
      {
        'main.proto': `import "item.proto";\nmessage Order { Item id = 1; }`,
        'item.proto': 'import "kind.proto";\nmessage Item { Kind kind = 1; }',
        'kind.proto': 'enum Kind { NONE = 0; }',
      },
      {
        'main.proto': `import "item.proto";\nmessage Order { Item id = 1; }`,
        'item.proto': 'message Item { Kind kind = 1; enum Kind { NONE = 0; } }',
      },
      ['field-same-type 1', 'file-no-delete kind.proto'],
    ],
    [
      'that is public',
      { 'main.proto': `import public "item.proto";\n${order}`, 'item.proto': item },
      { 'main.proto': order },
      ['file-no-delete item.proto'],
    ],
    [
      'as a public one',
      { 'main.proto': `import public "item.proto";\n${order}`, 'item.proto': item },
      { 'main.proto': `import "item.proto";\n${order}`, 'item.proto': item },
      ['public-import-removed '],
    ],
    [
      'that a public one stands in for',
      { 'main.proto': `import "item.proto";\nmessage Order { Item id = 1; }`, 'item.proto': item },
      {
        'main.proto': `import "all.proto";\nmessage Order { Item id = 1; }`,
        'all.proto': 'import public "item.proto";',
        'item.proto': item,
      },
      [],
    ],
    [
      'that stays unused, whose file lost a message',
      { 'main.proto': `import "item.proto";\n${order}`, 'item.proto': item },
      { 'main.proto': `import "item.proto";\n${order}`, 'item.proto': '' },
      [],
    ],
  ])('judges the end of an import %s', async (_, before, now, expected) => {
    expect((await changed(before, now)).sort()).toEqual(expected);
  });

  it('names the line of an error', async () => {
    const broken = await compared(`${older}message {`);
    expect(broken).toMatchObject({ ok: false, problem: { code: 'api-invalid', file: '/api/1.1/shop-api.proto', line: 15 } });
  });
});
