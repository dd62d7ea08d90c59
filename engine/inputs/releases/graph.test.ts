import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { releaseSchema } from '../manifest/schema';
import { manifestSchema, type Manifest } from '../manifest/schema';
import { releaseGraph, type ReleaseGraph } from './graph';
import type { PathOptions } from './upgrade-paths';

type ReleaseShape = Pick<
  z.input<typeof releaseSchema>,
  'version' | 'from' | 'channels' | 'yanked' | 'downgrade' | 'formats' | 'rollback' | 'migrations'
>;

interface Shape {
  readonly releases: readonly (string | ReleaseShape)[];
  readonly channels?: readonly string[];
  readonly stops?: readonly string[];
  readonly risks?: readonly { name: string; from: string; to: string; fixedIn?: string }[];
  readonly window?: number;
}

function manifestOf({ releases, channels = [], stops = [], risks = [], window = 1 }: Shape): Manifest {
  return manifestSchema.parse({
    manifest: 1,
    system: 'mem8',
    window,
    releases: releases.map((release) => (typeof release === 'string' ? { version: release } : release)),
    stops,
    channels,
    risks: risks.map((risk) => ({ ...risk, message: `${risk.name} hurts` })),
  });
}

function way(shape: Shape, from: string | null, to: string, options?: PathOptions): unknown {
  const outcome = releaseGraph(manifestOf(shape)).path(from, to, options);
  return outcome.ok ? outcome.value.releases : `${outcome.problem.code}: ${outcome.problem.message} ${outcome.problem.remedy}`;
}

describe('path', () => {
  it('goes from release to release where nothing else is said', () => {
    expect(way({ releases: ['1.0.0', '1.1.0', '2.0.0'] }, '1.0.0', '2.0.0')).toEqual(['1.1.0', '2.0.0']);
  });

  it('jumps where a range allows it, passes the releases between and says so', () => {
    const outcome = releaseGraph(manifestOf({ releases: ['1.0.0', '1.1.0', { version: '2.0.0', from: '>=1.0.0' }] })).path(
      '1.0.0',
      '2.0.0',
    );
    expect(outcome).toEqual({
      ok: true,
      value: {
        releases: ['2.0.0'],
        passes: ['1.1.0', '2.0.0'],
        warnings: ['1.1.0 is passed without stopping: migrations run, health checks do not.'],
      },
    });
  });

  it('never jumps over a stop', () => {
    const releases = ['1.0.0', '1.1.0', '2.0.0', { version: '3.0.0', from: '*' }];
    expect(way({ releases }, '1.0.0', '3.0.0')).toEqual(['3.0.0']);
    expect(way({ releases, stops: ['2.0.0'] }, '1.0.0', '3.0.0')).toEqual(['1.1.0', '2.0.0', '3.0.0']);
  });

  it('says that a release runs after one with a higher version, and only on the way over both', () => {
    const warnings = (from: string | null, to: string) => {
      const path = releaseGraph(manifestOf({ releases: ['1.0.0', '1.1.0', '1.0.5', '1.2.0'] })).path(from, to);
      return path.ok && path.value.warnings.filter((warning) => warning.includes('higher version'));
    };
    const warning =
      '1.0.5 is listed after 1.1.0, a higher version: its migrations run after those of 1.1.0. ' +
      'If it is a fix for releases before 1.1.0 and no target has reached 1.1.0, list it first.';
    expect([warnings(null, '1.2.0'), warnings('1.0.0', '1.0.5'), warnings('1.1.0', '1.2.0')]).toEqual([[warning], [warning], [warning]]);
    expect([warnings('1.0.0', '1.1.0'), warnings('1.0.5', '1.2.0')]).toEqual([[], []]);
  });

  it('installs any release at once where nothing is installed', () => {
    const outcome = releaseGraph(manifestOf({ releases: ['1.0.0', '2.0.0', '3.0.0'], stops: ['2.0.0'] })).path(null, '3.0.0');
    expect(outcome).toEqual({ ok: true, value: { releases: ['3.0.0'], passes: ['1.0.0', '2.0.0', '3.0.0'], warnings: [] } });
  });

  it('has nothing to do where the goal is installed', () => {
    expect(way({ releases: ['1.0.0'] }, '1.0.0', '1.0.0')).toEqual([]);
  });

  it('counts pre-releases as versions below their release', () => {
    const releases = ['1.0.0-rc.1', { version: '1.0.0', from: '<1.0.0' }];
    expect(way({ releases }, '1.0.0-rc.1', '1.0.0')).toEqual(['1.0.0']);
  });

  it('is blocked by a risk until that is accepted by name', () => {
    const shape: Shape = { releases: ['1.4.0', '1.5.0'], risks: [{ name: 'SlowIndex', from: '1.4.x', to: '1.5.0' }] };
    expect(way(shape, '1.4.0', '1.5.0')).toBe(
      'path-blocked: The upgrade path from 1.4.0 to 1.5.0 is blocked by a known risk. SlowIndex: SlowIndex hurts. Accept SlowIndex by name (--accept SlowIndex).',
    );
    const accepted = releaseGraph(manifestOf(shape)).path('1.4.0', '1.5.0', { accept: ['SlowIndex'] });
    expect(accepted).toMatchObject({ ok: true, value: { releases: ['1.5.0'], warnings: ['Accepted risk SlowIndex: SlowIndex hurts.'] } });
  });

  it('goes around a risk where it can, even when the risk is accepted', () => {
    const shape: Shape = {
      releases: ['1.4.0', '1.4.1', { version: '1.5.0', from: '1.4.x' }],
      risks: [{ name: 'SlowIndex', from: '1.4.0', to: '1.5.0' }],
    };
    expect(way(shape, '1.4.0', '1.5.0', { accept: ['SlowIndex'] })).toEqual(['1.4.1', '1.5.0']);
  });

  it('forgets a risk from the release that fixes it', () => {
    const shape: Shape = {
      releases: ['1.4.0', { version: '1.5.0', from: '1.4.x' }, { version: '1.5.1', from: '1.4.x' }],
      risks: [{ name: 'SlowIndex', from: '1.4.x', to: '1.5.x', fixedIn: '1.5.1' }],
    };
    expect(way(shape, '1.4.0', '1.5.1')).toEqual(['1.5.1']);
    expect(way(shape, '1.4.0', '1.5.0')).toMatch(/SlowIndex is fixed in 1\.5\.1/);
  });

  it.each<[string, Shape, string | null, string, string]>([
    [
      'an unknown goal',
      { releases: ['1.0.0', '1.1.0'] },
      null,
      '1.1.2',
      'release-unknown: 1.1.2 is not a release of the manifest. Did you mean 1.1.0? Choose one of 1.0.0 and 1.1.0, or add the release to the manifest.',
    ],
    [
      'an unknown start',
      { releases: ['1.0.0'] },
      '9.0.0',
      '1.0.0',
      'release-unknown: 9.0.0 is installed but is not a release of the manifest. Choose one of 1.0.0, or add the release to the manifest.',
    ],
    [
      'the wrong direction',
      { releases: ['1.0.0', '2.0.0'] },
      '2.0.0',
      '1.0.0',
      'no-path: 2.0.0 cannot be upgraded to 1.0.0: 1.0.0 comes before 2.0.0 in the manifest. Roll back to 1.0.0 instead.',
    ],
    [
      'a range nobody satisfies',
      { releases: ['1.0.0', '1.1.0', { version: '2.0.0', from: '^1.5.0' }] },
      '1.0.0',
      '2.0.0',
      'no-path: There is no upgrade path from 1.0.0 to 2.0.0: the last release that can be reached is 1.1.0, and 2.0.0 accepts upgrades only from "^1.5.0". Widen `from` of release 2.0.0, or add the missing release before it.',
    ],
    [
      'a stop that cannot be reached',
      { releases: ['1.0.0', { version: '2.0.0', from: '^1.5.0' }, { version: '3.0.0', from: '*' }], stops: ['2.0.0'] },
      '1.0.0',
      '3.0.0',
      'no-path: There is no upgrade path from 1.0.0 to 3.0.0: no later release can be reached, and 2.0.0, a required stop, accepts upgrades only from "^1.5.0". Widen `from` of release 2.0.0, or add the missing release before it.',
    ],
  ])('explains %s', (_, shape, from, to, expected) => {
    expect(way(shape, from, to)).toBe(expected);
  });

  it('leaves out releases without a comparable version', () => {
    const graph = releaseGraph(manifestOf({ releases: ['1.0.0', '1.x', '1.0.0', '2.0.0'] }));
    expect(graph.nodes.map((node) => node.version)).toEqual(['1.0.0', '2.0.0']);
    expect(graph.unusable).toEqual([
      { version: '1.x', index: 1, reason: 'invalid' },
      { version: '1.0.0', index: 2, reason: 'duplicate' },
    ]);
    expect(graph.path('1.0.0', '2.0.0').ok).toBe(true);
  });
});

describe('a yanked release', () => {
  const shape: Shape = {
    releases: [
      '1.0.0',
      { version: '1.1.0', yanked: 'It loses rows' },
      { version: '1.2.0', from: '*' },
      { version: '1.3.0', yanked: 'Slow.' },
    ],
  };

  it('is neither newest nor passed through nor taken, and can be left', () => {
    const graph = releaseGraph(manifestOf(shape));
    expect(graph.newest?.version).toBe('1.2.0');
    expect(way(shape, '1.0.0', '1.2.0')).toEqual(['1.2.0']);
    expect(way(shape, '1.1.0', '1.2.0')).toEqual(['1.2.0']);
    expect(graph.edge('1.0.0', '1.1.0')).toEqual({ kind: 'blocked', risks: [], yanked: 'It loses rows' });
  });

  it('is refused with its reason, also on an empty target, until it is accepted by version', () => {
    const message =
      /^path-blocked: .* is blocked by a yanked release\. 1\.1\.0 was yanked: It loses rows\. Accept 1\.1\.0 by name \(--accept 1\.1\.0\), or choose another release\.$/;
    expect(way(shape, '1.0.0', '1.1.0')).toMatch(message);
    expect(way(shape, null, '1.1.0')).toMatch(message);
    const accepted = releaseGraph(manifestOf(shape)).path('1.0.0', '1.1.0', { accept: ['1.1.0'] });
    expect(accepted).toMatchObject({ ok: true, value: { warnings: ['1.1.0 is used although it was yanked: It loses rows.'] } });
  });

  it('blocks the way where it is a stop', () => {
    expect(way({ ...shape, stops: ['1.1.0'] }, '1.0.0', '1.2.0')).toMatch(/path-blocked: .* 1\.1\.0 was yanked/);
    expect(way({ ...shape, stops: ['1.1.0'] }, '1.0.0', '1.2.0', { accept: ['1.1.0'] })).toEqual(['1.1.0', '1.2.0']);
  });
});

describe('channels', () => {
  const shape: Shape = {
    channels: ['nightly', 'candidate', 'stable'],
    releases: [
      '1.0.0',
      { version: '1.1.0', channels: ['candidate'] },
      { version: '1.2.0', channels: ['stable'], from: '*' },
      { version: '1.3.0', channels: ['nightly'] },
      { version: '1.4.0', channels: ['stable'] },
      { version: '1.5.0', channels: ['unheard-of'] },
    ],
  };

  it('offer what names them or a more stable one, and what names none', () => {
    const graph = releaseGraph(manifestOf(shape));
    const offered = (channel: string) => graph.nodes.map(({ version }) => version).filter((version) => graph.isOffered(version, channel));
    expect(offered('stable')).toEqual(['1.0.0', '1.2.0', '1.4.0']);
    expect(offered('candidate')).toEqual(['1.0.0', '1.1.0', '1.2.0', '1.4.0']);
    expect(offered('nightly')).toEqual(['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0']);
    expect(graph.newestIn('stable')?.version).toBe('1.4.0');
    expect(graph.stranded({ channel: 'stable' }).map(({ version }) => version)).toEqual(['1.0.0', '1.2.0']);
    expect(graph.stranded({ channel: 'nightly' })).toEqual([]);
  });

  it('hold ways to what they offer', () => {
    expect(way(shape, '1.0.0', '1.2.0', { channel: 'stable' })).toEqual(['1.2.0']);
    expect(way(shape, '1.1.0', '1.4.0', { channel: 'nightly' })).toEqual(['1.2.0', '1.3.0', '1.4.0']);
    expect(way(shape, '1.0.0', '1.1.0', { channel: 'stable' })).toBe(
      'no-path: 1.1.0 is not offered in the channel stable, only in candidate. Choose 1.4.0, the newest release of stable, or another channel.',
    );
    expect(way(shape, '1.2.0', '1.4.0', { channel: 'stable' })).toMatch(/no-path: .* needs 1\.3\.0, which the channel does not offer/);
    expect(way(shape, '1.0.0', '1.2.0', { channel: 'stabel' })).toMatch(
      /^usage: The manifest has no channel stabel\. Did you mean stable\?/,
    );
  });
});

it('lets a risk of which a range cannot be read block every way, and says so', () => {
  const shape: Shape = { releases: ['1.0.0', '1.1.0'], risks: [{ name: 'Vague', from: 'old ones', to: '1.1.0' }] };
  expect(way(shape, '1.0.0', '1.1.0')).toMatch(
    /path-blocked: .*Its `from` "old ones" cannot be read as a range, so the risk may apply to any upgrade path/,
  );
  expect(way(shape, '1.0.0', '1.1.0', { accept: ['Vague'] })).toEqual(['1.1.0']);
});

describe('downgrades', () => {
  const contract = { id: '0005_drop', phase: 'contract' as const };

  it.each<[string, Shape['releases'], RegExp]>([
    [
      'a release that says so',
      ['1.0.0', { version: '1.1.0', rollback: { none: 'Keys are gone.' } }],
      /1\.1\.0 cannot be rolled back: Keys are gone$/,
    ],
    [
      'an irreversible migration',
      ['1.0.0', { version: '1.1.0', migrations: [{ id: '0002_drop', irreversible: 'rows are deleted' }] }],
      /0002_drop of 1\.1\.0 cannot be undone: rows are deleted$/,
    ],
    [
      'a transform without undo',
      ['1.0.0', { version: '1.1.0', migrations: [{ id: 'fill', transform: { table: 't', key: 'id', set: { a: '1' } } }] }],
      /fill of 1\.1\.0 cannot be undone: the transform has no undo$/,
    ],
    [
      'a declared limit',
      ['1.0.0', '1.0.1', { version: '1.1.0', downgrade: '1.0.1' }],
      /1\.1\.0 cannot be rolled back to a release before 1\.0\.1$/,
    ],
    [
      'a contract of the window',
      ['1.0.0', '1.0.1', { version: '1.1.0', migrations: [contract] }],
      /0005_drop of 1\.1\.0 removes what releases before 1\.0\.1 need/,
    ],
    [
      'a format',
      [
        { version: '1.0.0', formats: { wave: { writes: 1 } } },
        { version: '1.1.0', formats: { wave: { writes: 2, reads: [1, 2] } } },
      ],
      /1\.0\.0 does not read version 2 of the format wave, which 1\.1\.0 writes$/,
    ],
    ['a yanked release', [{ version: '1.0.0', yanked: 'leaks' }, '1.1.0'], /1\.0\.0 was yanked: leaks$/],
  ])('are refused by %s, and end above it', (_, releases, message) => {
    const graph = releaseGraph(manifestOf({ releases: [...releases, '2.0.0'] }));
    const reasons = graph.downgradeObstacles('2.0.0', '1.0.0').map(({ reason }) => reason);
    expect(reasons).toEqual([expect.stringMatching(message)]);
    const floor = graph.downgradeFloor('2.0.0');
    expect(floor?.release).not.toBe('1.0.0');
    expect(floor?.obstacles).toHaveLength(1);
  });

  it('know which migrations have no down script where they are told', () => {
    const graph = releaseGraph(manifestOf({ releases: ['1.0.0', { version: '1.1.0', migrations: ['0002_a'] }] }));
    expect(graph.downgradeFloor('1.1.0')?.release).toBe('1.0.0');
    expect(graph.downgradeFloor('1.1.0', { lacksDown: (id) => id === '0002_a' })).toMatchObject({
      release: '1.1.0',
      obstacles: [{ kind: 'irreversible', migration: '0002_a' }],
    });
  });
});

describe('unreachable and stranded', () => {
  it('tell which releases nobody gets to, and why', () => {
    const shape: Shape = {
      releases: [
        '1.0.0',
        { version: '1.1.0', from: '^9.0.0' },
        { version: '1.2.0', from: '^2.0.0' },
        '2.0.0',
        { version: '2.1.0', from: '^1.0.0' },
      ],
      stops: ['2.0.0'],
    };
    const found = releaseGraph(manifestOf(shape)).unreachable();
    expect(found.map(({ release, reason, stop }) => [release.version, reason, stop])).toEqual([
      ['1.1.0', 'nothing', undefined],
      ['1.2.0', 'later', undefined],
      ['2.1.0', 'stop', '2.0.0'],
    ]);
  });

  it('tell which releases cannot get to the newest', () => {
    const shape: Shape = { releases: ['1.0.0', '1.1.0', { version: '1.2.0', from: '1.0.0' }, { version: '2.0.0', from: '1.2.0' }] };
    expect(
      releaseGraph(manifestOf(shape))
        .stranded()
        .map((node) => node.version),
    ).toEqual(['1.1.0']);
  });
});

describe('releasesInWindow', () => {
  it('names the release and those that may still run beside it', () => {
    const graph = releaseGraph(manifestOf({ releases: ['1.0.0', '1.1.0', '2.0.0'], window: 1 }));
    expect(graph.releasesInWindow('2.0.0')).toEqual(['1.1.0', '2.0.0']);
    expect(graph.releasesInWindow('1.0.0')).toEqual(['1.0.0']);
    expect(graph.releasesInWindow('9.9.9')).toEqual([]);
  });
});

/** Small versions, so that ranges meet them often. */
const versionArbitrary = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 1 }),
    fc.constantFrom('', '', '', '-rc.1'),
  )
  .map(([major, minor, patch, pre]) => `${major}.${minor}.${patch}${pre}`);
const rangeArbitrary = fc.oneof(
  versionArbitrary,
  versionArbitrary.map((version) => `^${version}`),
  versionArbitrary.map((version) => `>=${version}`),
  versionArbitrary.map((version) => `<${version}`),
  fc.tuple(versionArbitrary, versionArbitrary).map(([a, b]) => `>${a} <=${b}`),
  fc.tuple(versionArbitrary, versionArbitrary).map(([a, b]) => `~${a} || ${b}`),
  fc.constantFrom('*', '1.x', 'not a range'),
);
const channels = ['candidate', 'stable'];
const optional = <T>(arbitrary: fc.Arbitrary<T>, freq = 2) => fc.option(arbitrary, { nil: undefined, freq });
const releaseArbitrary = (versions: readonly string[]) =>
  fc.record({
    from: optional(rangeArbitrary),
    channels: optional(fc.subarray([...channels, 'unknown'])),
    yanked: fc.constantFrom(undefined, undefined, undefined, 'bad'),
    downgrade: optional(fc.constantFrom(...versions), 1),
    rollback: fc.constantFrom('down' as const, 'down' as const, 'down' as const, 'restore' as const, { none: 'no' }),
    formats: optional(fc.record({ writes: fc.nat(2), reads: optional(fc.subarray([0, 1, 2])) })),
    migration: fc.constantFrom(undefined, undefined, { id: 'c', phase: 'contract' as const }, { id: 'i', irreversible: 'no' }),
  });
const shapeArbitrary: fc.Arbitrary<Shape> = fc.record({
  channels: fc.constant(channels),
  window: fc.nat(2),
  releases: fc.uniqueArray(versionArbitrary, { minLength: 2, maxLength: 9 }).chain((versions) =>
    fc.tuple(...versions.map(() => releaseArbitrary(versions))).map((releases) =>
      versions.map((version, i): ReleaseShape => {
        const { migration, formats, ...release } = releases[i]!;
        return { version, ...release, formats: formats ? { f: formats } : {}, migrations: migration ? [migration] : [] };
      }),
    ),
  ),
  stops: fc.array(versionArbitrary, { maxLength: 3 }),
  risks: fc.array(
    fc.record({
      name: fc.constantFrom('A', 'B'),
      from: rangeArbitrary,
      to: rangeArbitrary,
      fixedIn: fc.option(versionArbitrary, { nil: undefined }) as fc.Arbitrary<string>,
    }),
    { maxLength: 2 },
  ),
});

interface Walk {
  readonly accept?: readonly string[];
  readonly channel?: string | undefined;
  readonly overYanked?: boolean;
}

/** The rules of the graph, spelt out release by release. */
class Model {
  readonly versions: string[];

  constructor(private readonly manifest: Manifest) {
    this.versions = manifest.releases.map((release) => release.version);
  }

  hasEdge(a: number, b: number): boolean {
    if (a >= b) return false;
    const from = this.manifest.releases[b]?.from;
    const jumpsStop = this.versions.slice(a + 1, b).some((version) => this.manifest.stops.includes(version));
    if (jumpsStop) return false;
    return from === undefined ? a === b - 1 : this.#satisfies(this.versions[a]!, from);
  }

  risks(a: number, b: number): string[] {
    return this.manifest.risks
      .filter(
        (risk) =>
          this.#mayMean(this.versions[a]!, risk.from) &&
          this.#mayMean(this.versions[b]!, risk.to) &&
          !(risk.fixedIn !== undefined && semver.gte(this.versions[b]!, risk.fixedIn)),
      )
      .map((risk) => risk.name);
  }

  isYanked(position: number): boolean {
    return this.manifest.releases[position]!.yanked !== undefined;
  }

  offers(channel: string | undefined, position: number): boolean {
    const named = this.manifest.releases[position]!.channels;
    if (channel === undefined || named === undefined) return true;
    return this.manifest.channels.slice(this.manifest.channels.indexOf(channel)).some((each) => named.includes(each));
  }

  /** Length of the shortest way, or undefined, found breadth first. */
  shortest(a: number, b: number, { accept = [], channel, overYanked = false }: Walk): number | undefined {
    let reached = new Set([a]);
    const seen = new Set(reached);
    for (let distance = 0; reached.size > 0; distance++) {
      if (reached.has(b)) return distance;
      const next = new Set<number>();
      for (const from of reached) {
        for (const to of this.versions.keys()) {
          const mayTake = this.offers(channel, to) && (overYanked || !this.isYanked(to) || accept.includes(this.versions[to]!));
          const isOpen = this.hasEdge(from, to) && this.risks(from, to).every((risk) => accept.includes(risk));
          if (!seen.has(to) && mayTake && isOpen) next.add(to);
        }
      }
      for (const to of next) seen.add(to);
      reached = next;
    }
    return undefined;
  }

  /** Whether one can go back, by asking each release that is left. */
  canGoBack(from: number, to: number): boolean {
    const target = this.manifest.releases[to]!;
    if (from === to) return true;
    if (target.yanked !== undefined) return false;
    return this.manifest.releases.slice(to + 1, from + 1).every((release, offset) => {
      const position = to + 1 + offset;
      if (typeof release.rollback === 'object') return false;
      const declared = release.downgrade === undefined ? 0 : this.versions.indexOf(release.downgrade);
      if (declared <= position && to < declared) return false;
      const [migration] = release.migrations;
      if (release.rollback === 'down' && typeof migration === 'object') {
        if (migration.irreversible !== undefined || position - to > this.manifest.window) return false;
      }
      const [written, read] = [release.formats['f'], target.formats['f']];
      return !written || !read || (read.reads ?? [read.writes]).includes(written.writes);
    });
  }

  #mayMean(version: string, range: string): boolean {
    return semver.validRange(range) === null || this.#satisfies(version, range);
  }

  #satisfies(version: string, range: string): boolean {
    return semver.satisfies(version, range, { includePrerelease: true });
  }
}

describe('any graph', () => {
  function everyPair(check: (graph: ReleaseGraph, model: Model, a: number, b: number) => void, numRuns = 100): void {
    fc.assert(
      fc.property(shapeArbitrary, (shape) => {
        const manifest = manifestOf(shape);
        const graph = releaseGraph(manifest);
        const model = new Model(manifest);
        for (const a of model.versions.keys()) for (const b of model.versions.keys()) check(graph, model, a, b);
      }),
      { numRuns },
    );
  }

  it('has exactly the edges of the rules', () => {
    everyPair((graph, model, a, b) => {
      const edge = graph.edge(model.versions[a]!, model.versions[b]!);
      const isBlocked = model.risks(a, b).length > 0 || model.isYanked(b);
      const kind = !model.hasEdge(a, b) ? 'none' : isBlocked ? 'blocked' : 'open';
      expect(edge.kind).toBe(kind);
      expect(graph.sourcesOf(model.versions[b]!).includes(model.versions[a]!)).toBe(kind !== 'none');
    });
  });

  it('finds a shortest way over existing edges, nothing jumped or taken that nobody accepted, and fails only where there is none', () => {
    everyPair((graph, model, a, b) => {
      if (a >= b) return;
      for (const channel of [undefined, ...channels]) {
        for (const accept of [[], ['A'], [model.versions[b]!], ['A', 'B', ...model.versions]]) {
          const outcome = graph.path(model.versions[a]!, model.versions[b]!, { accept, channel });
          const without = model.shortest(a, b, { accept: accept.filter((each) => each === model.versions[b]), channel });
          const shortest = without ?? model.shortest(a, b, { accept, channel });
          if (shortest === undefined) {
            const isThere = model.shortest(a, b, { accept: ['A', 'B'], channel, overYanked: true }) !== undefined;
            const code =
              isThere || (model.isYanked(b) && model.offers(channel, b) && !accept.includes(model.versions[b]!))
                ? 'path-blocked'
                : 'no-path';
            expect(outcome).toMatchObject({ ok: false, problem: { code } });
            continue;
          }
          if (!outcome.ok) throw new Error(outcome.problem.message);
          const stops = [a, ...outcome.value.releases.map((version) => model.versions.indexOf(version))];
          expect(stops).toHaveLength(shortest + 1);
          expect(stops.at(-1)).toBe(b);
          for (let i = 1; i < stops.length; i++) {
            expect(model.hasEdge(stops[i - 1]!, stops[i]!)).toBe(true);
            expect(model.offers(channel, stops[i]!)).toBe(true);
            const taken = [
              ...model.risks(stops[i - 1]!, stops[i]!),
              ...(model.isYanked(stops[i]!) && stops[i] !== b ? [model.versions[stops[i]!]!] : []),
            ];
            expect(taken.filter((each) => without !== undefined || !accept.includes(each))).toEqual([]);
          }
          expect(outcome.value.passes).toEqual(model.versions.slice(a + 1, b + 1));
        }
      }
    }, 30);
  });

  it('calls unreachable what has no edge to it, and stranded what has no way to the newest', () => {
    fc.assert(
      fc.property(shapeArbitrary, (shape) => {
        const manifest = manifestOf(shape);
        const model = new Model(manifest);
        const graph = releaseGraph(manifest);
        const places = [...model.versions.keys()];
        const unreachable = places.filter((b) => b > 0 && !model.isYanked(b) && !places.some((a) => model.hasEdge(a, b)));
        expect(graph.unreachable().map(({ release }) => release.index)).toEqual(unreachable);
        for (const channel of [undefined, ...channels]) {
          for (const overYanked of [false, true]) {
            const sound = places.filter((each) => !model.isYanked(each) && model.offers(channel, each));
            const last = sound.at(-1) ?? (channel === undefined ? places.at(-1)! : -1);
            const walk = { accept: ['A', 'B', model.versions[last] ?? ''], channel, overYanked };
            const stranded = places.filter((a) => a < last && model.offers(channel, a) && model.shortest(a, last, walk) === undefined);
            const found = graph.stranded({ overYanked, channel });
            expect(found.map(({ index }) => index)).toEqual(stranded);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('lets go back exactly where every release that is left allows it', () => {
    everyPair((graph, model, a, b) => {
      if (a < b) return;
      const [from, to] = [model.versions[a]!, model.versions[b]!];
      expect(graph.downgradeObstacles(from, to).length === 0).toBe(model.canGoBack(a, b));
      const floor = [...model.versions.keys()].find((each) => each <= a && model.canGoBack(a, each));
      expect(graph.downgradeFloor(from)?.release).toBe(model.versions[floor!]);
    });
  });
});
