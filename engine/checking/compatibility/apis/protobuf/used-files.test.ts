import { expect, it } from 'vitest';
import { usedFiles } from './used-files';

const empty = {
  name: 'google/protobuf/empty.proto',
  package: 'google.protobuf',
  messageType: [{ name: 'Empty' }],
  bufExtension: { isImport: true },
};
const kind = { name: 'kind.proto', package: 'shop', enumType: [{ name: 'Kind' }] };
const item = { name: 'item.proto', package: 'shop', messageType: [{ name: 'Item', field: [{ typeName: '.shop.Kind' }] }] };
const main = { name: 'main.proto', package: 'shop', dependency: [empty.name, item.name] };

const used = (...file: object[]) => [...usedFiles(JSON.stringify({ file }), 'main.proto')].sort();

it.each<[string, object, string[]]>([
  ['nothing', main, ['main.proto']],
  [
    'the type of a field, and the types of its fields',
    { ...main, messageType: [{ name: 'A', field: [{ typeName: '.shop.Item' }] }] },
    ['item.proto', 'kind.proto', 'main.proto'],
  ],
  [
    'a type inside of a message',
    { ...main, messageType: [{ name: 'A', nestedType: [{ name: 'B', field: [{ typeName: '.shop.Kind' }] }] }] },
    ['kind.proto', 'main.proto'],
  ],
  [
    'what a service takes and gives',
    { ...main, service: [{ method: [{ inputType: '.google.protobuf.Empty', outputType: '.shop.Kind' }] }] },
    ['kind.proto', 'main.proto'],
  ],
  ['what it extends', { ...main, extension: [{ extendee: '.shop.Kind' }] }, ['kind.proto', 'main.proto']],
  ['what it imports publicly', { ...main, publicDependency: [1] }, ['item.proto', 'kind.proto', 'main.proto']],
])('finds the files of %s', (_, file, expected) => {
  expect(used(empty, kind, item, file)).toEqual(expected);
});
