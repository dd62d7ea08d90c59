import { describe, expect, it } from 'vitest';
import type { ApiComparison } from '../compatibility/apis/compare-releases';
import { parseManifest } from '../../inputs/manifest/parse';
import type { QueryBreak } from '../compatibility/window/window';
import type { MigrationContext } from '../context/context';
import { firstLineHeader } from '../../inputs/scripts/pairs';
import { wholeScript } from '../../inputs/scripts/sections';
import { type BumpContext, requiredBump } from './required-bump';

function bumpOf(releases: readonly string[], release: string, more: Partial<Omit<BumpContext, 'manifest'>> = {}) {
  const text = `manifest: 1\nsystem: s\nreleases:\n${releases.map((each) => `  - ${each}\n`).join('')}`;
  const manifest = parseManifest('/p/upgrade.yaml', text);
  expect(manifest.problems).toEqual([]);
  const bump = requiredBump({ manifest, chain: [], ...more }, release);
  const reasons = bump?.reasons.map(({ level, place }) => `${level} ${text.slice(place.range.start, place.range.end)}`);
  return bump && { ...bump, reasons, messages: bump.reasons.map(({ message }) => message), older: bump.older.version };
}

const search = '{ version: 1.0.0, features: { search: stable } }';

it.each<[string, string[], string, string[]]>([
  ['nothing changes', [search, '{ version: 1.0.1, features: { search: stable } }'], 'patch', []],
  ['a feature comes', [search, '{ version: 1.0.1, features: { search: stable, maps: preview } }'], 'minor', ['minor preview']],
  ['a feature goes', [search, '{ version: 1.0.1 }'], 'major', ['major 1.0.1']],
  ['a preview goes', ['{ version: 1.0.0, features: { a: preview } }', '{ version: 1.0.1 }'], 'minor', ['minor 1.0.1']],
  ['a feature is deprecated', [search, '{ version: 1.0.1, features: { search: deprecated } }'], 'minor', ['minor deprecated']],
  ['a feature is a preview again', [search, '{ version: 1.0.1, features: { search: preview } }'], 'major', ['major preview']],
  [
    'a default changes',
    [search, '{ version: 1.0.1, features: { search: { stage: stable, default: false } } }'],
    'minor',
    ['minor { stage: stable, default: false }'],
  ],
  [
    'a server is dropped',
    ['{ version: 1.0.0, requires: { postgresql: ">=14" } }', '{ version: 1.0.1, requires: { postgresql: ">=15" } }'],
    'major',
    ['major ">=15"'],
  ],
  [
    'a migration drops a server',
    [
      '{ version: 1.0.0, requires: { node: ">=18" } }',
      '{ version: 1.0.1, migrations: [{ id: a, phase: expand, requires: { node: ">=20" } }] }',
    ],
    'major',
    ['major a', 'minor a'],
  ],
  [
    'a format is written that the release before cannot read',
    ['{ version: 1.0.0, formats: { m: { writes: 1 } } }', '{ version: 1.0.1, formats: { m: { writes: 2, reads: [1, 2] } } }'],
    'major',
    ['major 2'],
  ],
  [
    'a format is written that it reads',
    [
      '{ version: 1.0.0, formats: { m: { writes: 1, reads: [1, 2] } } }',
      '{ version: 1.0.1, formats: { m: { writes: 2, reads: [1, 2] } } }',
    ],
    'patch',
    [],
  ],
  [
    'what was written is not read any more',
    ['{ version: 1.0.0, formats: { m: { writes: 1, reads: [1, 2] } } }', '{ version: 1.0.1, formats: { m: { writes: 2, reads: [2] } } }'],
    'major',
    ['major [2]'],
  ],
  [
    'there are migrations',
    [
      '{ version: 1.0.0 }',
      '{ version: 1.0.1, migrations: [{ id: a, phase: expand }, { id: b, phase: migrate }, { id: c, phase: contract }, d] }',
    ],
    'minor',
    ['minor a', 'minor b', 'minor c'],
  ],
  [
    'migrations of a yanked release run as well',
    ['{ version: 1.0.0 }', '{ version: 1.1.0, yanked: bad, migrations: [{ id: a, phase: expand }] }', '{ version: 1.1.1 }'],
    'minor',
    ['minor a'],
  ],
])('says what is required when %s', (_, releases, level, reasons) => {
  const last = /version: ([^, }]+)/.exec(releases.at(-1) ?? '')?.[1] ?? '';
  expect(bumpOf(releases, last)).toMatchObject({ level, reasons });
});

describe('versions', () => {
  const gone = (older: string, newer: string) => bumpOf([`{ version: ${older}, features: { a: stable } }`, `{ version: ${newer} }`], newer);

  it.each<[string, string, string, string, boolean, string]>([
    ['1.2.3', '1.2.4', 'patch', 'major', false, '2.0.0'],
    ['1.2.3', '2.0.0', 'major', 'major', true, '2.0.0'],
    ['0.3.1', '0.3.2', 'patch', 'minor', false, '0.4.0'],
    ['0.3.1', '0.4.0', 'minor', 'minor', true, '0.4.0'],
    ['0.3.1', '1.0.0', 'major', 'major', true, '1.0.0'],
    ['1.2.3', '1.3.0-rc.1', 'minor', 'major', false, '2.0.0-rc.1'],
  ])('compares %s with %s', (older, newer, actual, needed, isEnough, version) => {
    expect(gone(older, newer)).toMatchObject({ actual, needed, isEnough, version });
  });

  it('compares a release with the last one before its pre-releases', () => {
    const releases = [search, '{ version: 2.0.0-rc.1 }', '{ version: 2.0.0-rc.2 }', '{ version: 2.0.0 }'];
    expect(bumpOf(releases, '2.0.0')).toMatchObject({ older: '1.0.0', actual: 'major', isEnough: true });
    expect(bumpOf(releases, '2.0.0-rc.2')).toMatchObject({ older: '1.0.0', level: 'major' });
  });

  it('has no answer for the first release, an unknown one and one that is lower', () => {
    expect(bumpOf([search], '1.0.0')).toBeUndefined();
    expect(bumpOf([search], '9.0.0')).toBeUndefined();
    expect(bumpOf([search, '{ version: 0.9.0 }'], '0.9.0')).toBeUndefined();
  });
});

it('takes breaking changes of stable APIs for major, and what is added or may break for minor', () => {
  const place = { file: '/p/api.yaml', range: { start: 0, end: 1 } };
  const version = (index: number) => ({ release: `1.0.${index}`, index, file: '/p/api.yaml' });
  const comparison = (stability: ApiComparison['stability'], older: number): ApiComparison => ({
    api: 'rest',
    kind: 'openapi',
    older: version(older),
    newer: version(older + 1),
    stability,
    compatibility: 'backward',
    changes: (['addition', 'neutral', 'breaking', 'risky'] as const).map((impact) => ({ id: impact, impact, message: impact, place })),
  });
  const releases = ['{ version: 1.0.0 }', '{ version: 1.0.1 }', '{ version: 1.0.2 }'];
  const levels = (apis: ApiComparison[]) => bumpOf(releases, '1.0.1', { apis })?.messages;
  expect(levels([comparison('stable', 0), comparison('stable', 1)])).toEqual([
    'API rest: breaking.',
    'API rest: addition.',
    'API rest: risky.',
  ]);
  expect(bumpOf(releases, '1.0.1', { apis: [comparison('stable', 0)] })?.level).toBe('major');
  expect(bumpOf(releases, '1.0.1', { apis: [comparison('beta', 0)] })?.level).toBe('minor');
});

it('takes a migration that breaks queries of a release in the window for major', () => {
  const releases = ['{ version: 1.0.0 }', '{ version: 1.1.0, migrations: [{ id: a, phase: contract }] }'];
  const query = { name: 'ListPets', sql: 'SELECT 1', parameters: [], file: '/p/q.sql', range: { start: 0, end: 8 } };
  const chainWith = (kind: 'prepare' | 'shape') => [migrationWith({ release: '1.0.0', query, statement: 0, kind })];
  expect(bumpOf(releases, '1.1.0')?.level).toBe('minor');
  expect(bumpOf(releases, '1.1.0', { chain: chainWith('prepare') })).toMatchObject({ level: 'major', isEnough: false });
  expect(bumpOf(releases, '1.1.0', { chain: chainWith('shape') })?.level).toBe('minor');
});

function migrationWith(broken: QueryBreak): MigrationContext {
  const up = wholeScript('/p/a.sql', 'up', 'SELECT 1;', firstLineHeader('', '-- no-transaction'));
  return {
    migration: { id: 'a', version: 'a', name: 'a', up, down: undefined, verify: undefined, repeatable: false },
    release: '1.1.0',
    up: { script: up, statements: [] },
    down: undefined,
    observation: undefined,
    roundTrip: undefined,
    assumed: [],
    window: { isComplete: true, changedResults: [], breaks: [broken] },
  };
}
