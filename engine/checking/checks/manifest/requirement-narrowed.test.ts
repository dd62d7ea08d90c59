import { expect, it } from 'vitest';
import { check } from './requirement-narrowed';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, placesIn } = manifestCheck(check);

it.each<[string, string, string[]]>([
  [
    'a release that drops a server',
    `releases:
  - { version: 1.0.0, requires: { postgresql: ">=14" } }
  - { version: 1.1.0, requires: { postgresql: ">=15" } }
`,
    ['warning 3: ">=15"'],
  ],
  [
    'a release that caps a runtime',
    `releases:
  - { version: 1.0.0, requires: { node: ">=20" } }
  - { version: 1.1.0, requires: { node: ">=20 <24" } }
`,
    ['warning 3: ">=20 <24"'],
  ],
  [
    'a migration that does',
    `releases:
  - { version: 1.0.0, requires: { postgresql: ">=14" } }
  - { version: 1.1.0, requires: { postgresql: ">=14" }, migrations: [{ id: a, requires: { postgresql: ">=16" } }] }
`,
    ['warning 3: ">=16"'],
  ],
  [
    'nothing in a new major version',
    `releases:
  - { version: 1.0.0, requires: { postgresql: ">=14" } }
  - { version: 2.0.0, requires: { postgresql: ">=15" } }
`,
    [],
  ],
  [
    'nothing that is wider, the same in other words, or said for the first time',
    `releases:
  - { version: 1.0.0, requires: { postgresql: ">=15", node: ^20 } }
  - { version: 1.1.0, requires: { postgresql: ">=14", node: ">=20 <21", redis: ">=7" } }
  - { version: 1.2.0 }
`,
    [],
  ],
  [
    'nothing that an unreadable range hides',
    `releases:
  - { version: 1.0.0, requires: { node: newest } }
  - { version: 1.1.0, requires: { node: oldest } }
`,
    [],
  ],
])('reports %s', async (_, manifest, expected) => {
  expect(await placesIn(manifest)).toEqual(expected);
});

it('names a version that is dropped', async () => {
  const message = async (before: string, now: string) =>
    (
      await findingsIn(
        `releases:\n  - { version: 1.0.0, requires: { postgresql: "${before}" } }\n  - { version: 1.1.0, requires: { postgresql: "${now}" } }\n`,
      )
    )[0]?.message;
  expect(await message('>=14', '>=15')).toBe('Installations of 1.0.0 on PostgreSQL 14 cannot upgrade to 1.1.0');
  expect(await message('>=14', '>=14 <17')).toMatch(/ on PostgreSQL 17 cannot/);
  expect(await message('14 || 16', '14 || 17')).toMatch(/ on PostgreSQL 16 cannot/);
});
