import { describe, expect, test } from 'vitest';
import { memoryFiles } from '../host/memory-files';
import { emptyJournal } from '../journal/journal-state';
import { readSources } from '../upgrade/sources';
import { CompatibilityChecker } from './compatibility-checker';

async function check(releases: string, current: string | null, target: string, files: Record<string, string> = {}) {
  const manifest = `manifest: 1\nsystem: s\nreleases:\n${releases}`;
  const memory = memoryFiles({
    '/p/upgrade.yaml': manifest,
    '/p/migrations/0001_a.sql': 'select 1;',
    '/p/migrations/0002_b.sql': 'select 2;',
    ...files,
  });
  const sources = await readSources(memory, '/p/upgrade.yaml');
  if (!sources.ok) throw new Error(sources.problem.message);
  const { compatible, reasons } = await new CompatibilityChecker(sources.value, emptyJournal, memory).check(current, target);
  expect(compatible).toBe(reasons.length === 0);
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

  test('says no to an API that goes away or is not described', async () => {
    const releases = '  - { version: 1.0.0, apis: { rest: rest.yaml } }\n  - { version: 2.0.0, apis: { grpc: grpc.proto } }\n';
    expect(await check(releases, '1.0.0', '2.0.0', { '/p/rest.yaml': '' })).toEqual(['api-missing', 'api-removed']);
    expect(await check(releases, '1.0.0', '2.0.0', { '/p/grpc.proto': '' })).toEqual(['api-removed']);
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
