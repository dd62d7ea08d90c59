import { afterEach, describe, expect, it, vi } from 'vitest';
import { findBuf } from '../../../host/buf';
import { memoryFiles } from '../../../host/memory-files';
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
  });

  it('finds nothing between files of other names with the same content', async () => {
    expect(await compared(older)).toEqual({ ok: true, value: [] });
  });

  it('names the line of an error', async () => {
    const broken = await compared(`${older}message {`);
    expect(broken).toMatchObject({ ok: false, problem: { code: 'api-invalid', file: '/api/1.1/shop-api.proto', line: 15 } });
  });
});
