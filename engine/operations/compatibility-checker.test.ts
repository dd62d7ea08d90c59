import { describe, expect, test } from 'vitest';
import type { Files } from '../core/host';
import { memoryFiles } from '../host/memory-files';
import { emptyJournal } from '../running/journal/journal-state';
import { readSources } from '../inputs/sources';
import { testHost } from '../running/testing/project';
import { CompatibilityChecker } from './compatibility-checker';

const checker = (files: Files) => new CompatibilityChecker({ manifestPath: '/p/upgrade.yaml', host: testHost(files) });

async function check(
  releases: string,
  current: string | null,
  target: string,
  files: Record<string, string> = {},
  noted: readonly string[] = [],
) {
  const manifest = `manifest: 1\nsystem: s\nreleases:\n${releases}`;
  const memory = memoryFiles({
    '/p/upgrade.yaml': manifest,
    '/p/migrations/0001_a.sql': 'select 1;',
    '/p/migrations/0002_b.sql': 'select 2;',
    ...files,
  });
  const sources = await readSources(memory, '/p/upgrade.yaml');
  if (!sources.ok) throw new Error(sources.problem.message);
  const opened = { sources: sources.value, journal: emptyJournal };
  const { compatible, reasons, notes } = await checker(memory).compare(opened, current, target);
  expect(compatible).toBe(reasons.length === 0);
  if (noted.length > 0) expect(notes.map(({ code }) => code)).toEqual(noted);
  return reasons.map((reason) => reason.code);
}

describe('compatibility of two releases', () => {
  test('says no to a stable feature that goes without having been deprecated, and yes when it was', async () => {
    const abrupt = '  - { version: 1.0.0, features: { search: stable } }\n  - { version: 2.0.0 }\n';
    expect(await check(abrupt, '1.0.0', '2.0.0')).toEqual(['feature-removed']);
    const announced = `  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: deprecated } }
  - { version: 2.0.0, features: { search: removed } }
`;
    expect(await check(announced, '1.0.0', '2.0.0')).toEqual([]);
    expect(await check(abrupt, null, '2.0.0')).toEqual([]);
  });

  test('says no to a stage that goes back', async () => {
    const back = '  - { version: 1.0.0, features: { search: stable } }\n  - { version: 2.0.0, features: { search: preview } }\n';
    expect(await check(back, '1.0.0', '2.0.0')).toEqual(['feature-stage']);
  });

  const store = (fields: string) => `type Query { ${fields} }\n`;

  test('says no to an API that goes away without notice or is not described', async () => {
    const releases = '  - { version: 1.0.0, apis: { rest: rest.graphql } }\n  - { version: 2.0.0, apis: { grpc: grpc.graphql } }\n';
    const rest = { '/p/rest.graphql': store('a: Int') };
    expect(await check(releases, '1.0.0', '2.0.0', rest)).toEqual(['api-missing', 'api-removed']);
    expect(await check(releases, '1.0.0', '2.0.0', { ...rest, '/p/grpc.graphql': store('b: Int') })).toEqual(['api-removed']);
    expect(await check(releases, '1.0.0', '2.0.0', { '/p/rest.graphql': 'type {', '/p/grpc.graphql': store('b: Int') })).toEqual([
      'api-removed',
    ]);
    expect(await check(releases, null, '2.0.0', { ...rest, '/p/grpc.graphql': 'type {' })).toEqual(['api-invalid']);
    expect(
      await check(releases, '1.0.0', '2.0.0', { '/p/rest.graphql': store('a: Int @deprecated'), '/p/grpc.graphql': store('b: Int') }),
    ).toEqual([]);
  });

  test('says no to a break of an API that the version does not tell, and notes one that it tells', async () => {
    const releases = (newer: string) =>
      `  - { version: 1.0.0, apis: { rest: 1.graphql } }\n  - { version: ${newer}, apis: { rest: 2.graphql } }\n`;
    const files = { '/p/1.graphql': store('pets(kind: Int): Int'), '/p/2.graphql': store('pets(kind: Int!): Int') };
    expect(await check(releases('1.1.0'), '1.0.0', '1.1.0', files)).toEqual(['api-breaking']);
    expect(await check(releases('1.1.0'), null, '1.1.0', files)).toEqual([]);
    expect(await check(releases('2.0.0'), '1.0.0', '2.0.0', files, ['api-breaking'])).toEqual([]);
  });

  test('says no to a need that the release does not meet, installed anew as well', async () => {
    const releases = '  - { version: 1.0.0 }\n  - { version: 2.0.0, features: { maps: { stage: stable, needs: [search] } } }\n';
    expect(await check(releases, null, '2.0.0')).toEqual(['feature-need']);
  });

  test('says no to a migration that breaks queries of a release in the window', async () => {
    const sources = await readSources(
      memoryFiles({
        '/p/upgrade.yaml': 'manifest: 1\nsystem: s\nreleases:\n  - { version: 1.0.0 }\n  - { version: 2.0.0, migrations: [0001_a] }\n',
        '/p/migrations/0001_a.sql': 'select 1;',
      }),
      '/p/upgrade.yaml',
    );
    if (!sources.ok) throw new Error(sources.problem.message);
    const query = { name: 'ListPets', sql: 'SELECT 1', parameters: [], file: '/p/q.sql', range: { start: 0, end: 8 } };
    const breaks = new Map([['0001_a', [{ release: '1.0.0', query, statement: 0, kind: 'prepare' as const }]]]);
    const opened = { sources: sources.value, journal: emptyJournal };
    const { reasons } = await checker(memoryFiles()).compare(opened, '1.0.0', '2.0.0', { breaks });
    expect(reasons.map(({ code, message }) => [code, message])).toEqual([
      ['query-broken', 'Migration 0001_a of release 2.0.0 breaks queries that 1.0.0 still sends: ListPets.'],
    ]);
    expect((await checker(memoryFiles()).compare(opened, null, '2.0.0', { breaks })).compatible).toBe(true);
  });

  test('says no to a release that expands and contracts at once', async () => {
    const releases =
      '  - { version: 1.0.0 }\n  - { version: 2.0.0, migrations: [{ id: 0001_a, phase: expand }, { id: 0002_b, phase: contract }] }\n';
    expect(await check(releases, '1.0.0', '2.0.0')).toEqual(['phase-order']);
  });

  test('says no to a release that nobody knows', async () => {
    expect(await check('  - { version: 1.0.0 }\n', '1.0.0', '3.0.0')).toEqual(['release-unknown']);
  });
});
