import { expect, it } from 'vitest';
import { memoryFiles } from '../../../host/memory-files';
import { parseManifest } from '../../../inputs/manifest/parse';
import { compareReleases } from './compare-releases';
import { filesOfApis, isUsable, readApis } from './read-apis';

const manifest = parseManifest(
  '/shop/upgrade.yaml',
  `manifest: 1
system: shop
releases:
  - version: 1.0.0
    apis: { store: api/1.graphql, admin: api/admin.graphql }
  - version: 1.1.0
    apis: { store: api/2.graphql, admin: api/admin.graphql }
  - version: 1.2.0
    apis: { store: api/3.graphql }
  - version: 1.3.0
    apis: { store: api/missing.graphql }
`,
);

const texts = {
  '/shop/api/1.graphql': '#import "./order.graphql"\ntype Query { order: Order }',
  '/shop/api/order.graphql': 'type Order { id: ID! }',
  '/shop/api/2.graphql': 'type Query { order: Order a: Int }\ntype Order { id: ID! }',
  '/shop/api/3.graphql': 'type Query { order: Order }\ntype Order { id: ID! }',
  '/shop/api/admin.graphql': 'type Query { users: Int }',
};

async function changes(files: Record<string, string>) {
  const apis = await compareReleases(manifest, await readApis(manifest, memoryFiles(files)), { today: '2026-06-01' });
  return apis.map((each) => ({ ...each, pair: `${each.api} ${each.older?.release ?? '-'} ${each.newer.release}` }));
}

it('compares each release with the one before that has the API, and tells what goes away or cannot be read', async () => {
  const shown = (await changes(texts)).map(({ pair, changes, problem }) => [pair, ...changes.map(({ id }) => id), problem?.code ?? '']);
  expect(shown).toEqual([
    ['store 1.0.0 1.1.0', 'field-added', ''],
    ['admin 1.0.0 1.1.0', ''],
    ['store 1.1.0 1.2.0', 'field-removed', ''],
    ['admin 1.1.0 1.2.0', 'api-removed', ''],
    ['store - 1.3.0', 'file-not-found'],
  ]);
});

it('compares anew only what an edit concerns', async () => {
  const before = await changes(texts);
  const after = await changes({ ...texts, '/shop/api/3.graphql': 'type Query { order: Order a: Int }\ntype Order { id: ID! }' });
  const kept = after.map(({ changes }, index) => changes.length > 0 && changes[0] === before[index]?.changes[0]);
  expect(kept).toEqual([true, false, false, false, false]);
  expect(after[2]?.changes).toEqual([]);
});

it('keeps a description the same object until one of its files changes', async () => {
  const [first, same] = [await readApis(manifest, memoryFiles(texts)), await readApis(manifest, memoryFiles(texts))];
  const edited = await readApis(manifest, memoryFiles({ ...texts, '/shop/api/order.graphql': 'type Order { id: ID! b: Int }' }));
  const file = '/shop/api/1.graphql';
  expect(isUsable(first.get(file))).toBe(true);
  expect(same.get(file)).toBe(first.get(file));
  expect(edited.get(file)).not.toBe(first.get(file));
  expect(edited.get('/shop/api/2.graphql')).toBe(first.get('/shop/api/2.graphql'));
});

it('names every file that descriptions are made of, and those that are awaited', async () => {
  const { owned, missing } = filesOfApis(await readApis(manifest, memoryFiles(texts)));
  expect([...owned].sort()).toEqual(Object.keys(texts).sort());
  expect(missing).toEqual(['/shop/api/missing.graphql']);
});
