import { expect, test } from 'vitest';
import { parseManifest } from '../../inputs/manifest/parse';
import { journaledManifest } from './journaled';

test('the journaled manifest holds no password of a target or of another address', () => {
  const text = `
manifest: 1
system: shop
feed: https://token:secret@example.com/feed.json
# url: postgresql://old:secret@db/shop
targets:
  local: { driver: pglite, path: data }
  production: { driver: postgresql, url: "postgresql://app:se\\u0063ret@db/shop?sslpassword=secret", protected: true }
releases:
  - version: 1.0.0
    checks: { after: [{ http: "https://app:secret@example.com/health" }] }
`;
  const { manifest } = parseManifest('/upgrade.yaml', text);
  if (!manifest) throw new Error('the manifest is not read');
  const journaled = journaledManifest(manifest);
  expect(journaled).not.toContain('secret');
  expect(JSON.parse(journaled)).toMatchObject({
    system: 'shop',
    feed: 'https://***@example.com/feed.json',
    targets: { local: { driver: 'pglite' }, production: { driver: 'postgresql', protected: true } },
    releases: [{ version: '1.0.0', checks: { after: [{ http: 'https://***@example.com/health' }] } }],
  });
});
