import { expect, it } from 'vitest';
import { check } from './requirement-beyond-minimum';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, placesIn, afterFix } = manifestCheck(check);

it.each<[string, string, string[]]>([
  [
    'a release that refuses the oldest server',
    `migrations: { minimum: "15" }
releases:
  - { version: 1.0.0 }
  - { version: 1.1.0, requires: { postgresql: ">=16" } }
`,
    ['warning 4: ">=16"'],
  ],
  [
    'a migration that refuses it',
    `migrations: { minimum: "15" }
releases:
  - { version: 1.0.0, requires: { postgresql: ">=15" }, migrations: [{ id: a, requires: { postgresql: ">=16" } }] }
`,
    ['warning 3: ">=16"'],
  ],
  [
    'a minimum that is newer than what a release supports',
    `migrations: { minimum: "15" }
releases:
  - { version: 1.0.0, requires: { postgresql: ">=13" } }
  - { version: 1.1.0, requires: { postgresql: ">=14" } }
`,
    ['warning 3: ">=13"'],
  ],
  [
    'no release that drops what an earlier one supported',
    `migrations: { minimum: "15" }
releases:
  - { version: 1.0.0, requires: { postgresql: ">=15" } }
  - { version: 2.0.0, requires: { postgresql: ">=16" }, migrations: [{ id: a, requires: { postgresql: ">=16" } }] }
`,
    [],
  ],
  [
    'no range without a lower bound, and no feature',
    `migrations: { minimum: "15" }
releases:
  - { version: 1.0.0, requires: { postgresql: <19 }, features: { search: { stage: preview, requires: { postgresql: ">=17" } } } }
`,
    [],
  ],
])('reports %s', async (_, manifest, expected) => {
  expect(await placesIn(manifest)).toEqual(expected);
});

it('lowers the minimum to the oldest supported server by a fix', async () => {
  const manifest = 'migrations: { minimum: "15" }\nreleases:\n  - { version: 1.0.0, requires: { postgresql: ">=14" } }\n';
  const [finding] = await findingsIn(manifest);
  expect(finding?.message).toBe('Scripts are not checked for PostgreSQL 14, which 1.0.0 supports');
  expect(await afterFix(manifest)).toContain('minimum: "14"');
});

it('leaves a long migration id out of the headline', async () => {
  const migration = '{ id: 20240101120000_add_search_of_memories, requires: { postgresql: ">=16" } }';
  const manifest = `migrations: { minimum: "15" }\nreleases:\n  - { version: 1.0.0, requires: { postgresql: ">=15" }, migrations: [${migration}] }\n`;
  expect((await findingsIn(manifest)).map(({ message }) => message)).toEqual(['Installations on PostgreSQL 15 cannot upgrade to 1.0.0']);
});
