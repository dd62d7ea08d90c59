import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { manifestSchema, type Manifest } from '../manifest/schema';
import { releaseGraph, type PathOptions, type ReleaseGraph } from './graph';

interface Shape {
  readonly releases: readonly (string | { version: string; from: string })[];
  readonly stops?: readonly string[];
  readonly risks?: readonly { name: string; from: string; to: string; fixedIn?: string }[];
  readonly window?: number;
}

function manifestOf({ releases, stops = [], risks = [], window = 1 }: Shape): Manifest {
  return manifestSchema.parse({
    manifest: 1,
    system: 'mem8',
    window,
    releases: releases.map((release) => (typeof release === 'string' ? { version: release } : release)),
    stops,
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
        warnings: ['1.1.0 is passed without a stop: migrations run, health checks do not.'],
      },
    });
  });

  it('never jumps over a stop', () => {
    const releases = ['1.0.0', '1.1.0', '2.0.0', { version: '3.0.0', from: '*' }];
    expect(way({ releases }, '1.0.0', '3.0.0')).toEqual(['3.0.0']);
    expect(way({ releases, stops: ['2.0.0'] }, '1.0.0', '3.0.0')).toEqual(['1.1.0', '2.0.0', '3.0.0']);
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
      'path-blocked: The way from 1.4.0 to 1.5.0 is blocked by a known risk. SlowIndex: SlowIndex hurts. Accept SlowIndex by name.',
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
    expect(way(shape, '1.4.0', '1.5.0')).toMatch(/SlowIndex is gone in 1\.5\.1/);
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
      'release-unknown: 9.0.0 is installed but is not a release of the manifest. Did you mean 1.0.0? Choose one of 1.0.0, or add the release to the manifest.',
    ],
    [
      'the wrong direction',
      { releases: ['1.0.0', '2.0.0'] },
      '2.0.0',
      '1.0.0',
      'no-path: 1.0.0 comes before 2.0.0 in the manifest, so there is no upgrade from 2.0.0 to it. Roll back to 1.0.0 instead.',
    ],
    [
      'a range nobody satisfies',
      { releases: ['1.0.0', '1.1.0', { version: '2.0.0', from: '^1.5.0' }] },
      '1.0.0',
      '2.0.0',
      'no-path: There is no way from 1.0.0 to 2.0.0: one gets as far as 1.1.0, and 2.0.0 may only be reached from "^1.5.0". Widen `from` of release 2.0.0, or add the release that leads to it.',
    ],
    [
      'a stop that cannot be reached',
      { releases: ['1.0.0', { version: '2.0.0', from: '^1.5.0' }, { version: '3.0.0', from: '*' }], stops: ['2.0.0'] },
      '1.0.0',
      '3.0.0',
      'no-path: There is no way from 1.0.0 to 3.0.0: nothing else can be reached from there, and 2.0.0, a stop that may not be jumped over, may only be reached from "^1.5.0". Widen `from` of release 2.0.0, or add the release that leads to it.',
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
const shapeArbitrary: fc.Arbitrary<Shape> = fc.record({
  releases: fc
    .uniqueArray(versionArbitrary, { minLength: 2, maxLength: 9 })
    .chain((versions) =>
      fc
        .tuple(...versions.map(() => fc.option(rangeArbitrary, { nil: undefined, freq: 2 })))
        .map((ranges) => versions.map((version, i) => (ranges[i] === undefined ? version : { version, from: ranges[i] }))),
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
          semver.validRange(risk.from) !== null &&
          semver.validRange(risk.to) !== null &&
          this.#satisfies(this.versions[a]!, risk.from) &&
          this.#satisfies(this.versions[b]!, risk.to) &&
          !(risk.fixedIn !== undefined && semver.gte(this.versions[b]!, risk.fixedIn)),
      )
      .map((risk) => risk.name);
  }

  /** Length of the shortest way, or undefined. */
  shortest(a: number, b: number, accept: readonly string[]): number | undefined {
    const distances: (number | undefined)[] = [];
    distances[a] = 0;
    for (let to = a + 1; to <= b; to++) {
      for (let from = a; from < to; from++) {
        const before = distances[from];
        if (before === undefined || !this.hasEdge(from, to) || this.risks(from, to).some((risk) => !accept.includes(risk))) continue;
        distances[to] = Math.min(distances[to] ?? Infinity, before + 1);
      }
    }
    return distances[b];
  }

  #satisfies(version: string, range: string): boolean {
    return semver.satisfies(version, range, { includePrerelease: true });
  }
}

describe('any graph', () => {
  function everyPair(check: (graph: ReleaseGraph, model: Model, a: number, b: number) => void): void {
    fc.assert(
      fc.property(shapeArbitrary, (shape) => {
        const manifest = manifestOf(shape);
        const graph = releaseGraph(manifest);
        const model = new Model(manifest);
        for (const a of model.versions.keys()) for (const b of model.versions.keys()) check(graph, model, a, b);
      }),
      { numRuns: 150 },
    );
  }

  it('has exactly the edges of the rules', () => {
    everyPair((graph, model, a, b) => {
      const edge = graph.edge(model.versions[a]!, model.versions[b]!);
      const kind = !model.hasEdge(a, b) ? 'none' : model.risks(a, b).length > 0 ? 'blocked' : 'open';
      expect(edge.kind).toBe(kind);
      expect(graph.sourcesOf(model.versions[b]!).includes(model.versions[a]!)).toBe(kind !== 'none');
    });
  });

  it('finds a shortest way over existing edges, without stops jumped or risks not accepted, and fails only where there is none', () => {
    everyPair((graph, model, a, b) => {
      if (a >= b) return;
      for (const accept of [[], ['A'], ['A', 'B']]) {
        const outcome = graph.path(model.versions[a]!, model.versions[b]!, { accept });
        const without = model.shortest(a, b, []);
        const shortest = without ?? model.shortest(a, b, accept);
        if (shortest === undefined) {
          const code = model.shortest(a, b, ['A', 'B']) === undefined ? 'no-path' : 'path-blocked';
          expect(outcome).toMatchObject({ ok: false, problem: { code } });
          continue;
        }
        if (!outcome.ok) throw new Error(outcome.problem.message);
        const stops = [a, ...outcome.value.releases.map((version) => model.versions.indexOf(version))];
        expect(stops).toHaveLength(shortest + 1);
        expect(stops.at(-1)).toBe(b);
        for (let i = 1; i < stops.length; i++) {
          expect(model.hasEdge(stops[i - 1]!, stops[i]!)).toBe(true);
          const open = model.risks(stops[i - 1]!, stops[i]!).filter((risk) => without !== undefined || !accept.includes(risk));
          expect(open).toEqual([]);
        }
        expect(outcome.value.passes).toEqual(model.versions.slice(a + 1, b + 1));
      }
    });
  });

  it('calls unreachable what has no edge to it, and stranded what has no way to the newest', () => {
    fc.assert(
      fc.property(shapeArbitrary, (shape) => {
        const manifest = manifestOf(shape);
        const model = new Model(manifest);
        const graph = releaseGraph(manifest);
        const places = [...model.versions.keys()];
        const unreachable = places.filter((b) => b > 0 && !places.some((a) => model.hasEdge(a, b)));
        const last = places.length - 1;
        const stranded = places.filter((a) => a < last && model.shortest(a, last, ['A', 'B']) === undefined);
        expect(graph.unreachable().map(({ release }) => release.index)).toEqual(unreachable);
        expect(graph.stranded().map((node) => node.index)).toEqual(stranded);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a large graph', () => {
  it.each([
    ['a few ways to each', (i: number) => (i < 5 ? '*' : `>=1.${i - 5}.0 <1.${i}.0`)],
    ['every earlier release to each', () => '*'],
  ])('of 2,000 releases with %s is built and searched in less than 200 ms of processor time', (_, from) => {
    const releases = Array.from({ length: 2000 }, (_unused, i) => ({ version: `1.${i}.0`, from: from(i) }));
    const stops = Array.from({ length: 20 }, (_unused, i) => `1.${i * 100}.0`);
    const risks = Array.from({ length: 20 }, (_unused, i) => ({ name: `Risk${i}`, from: `1.${i * 90}.x`, to: `1.${i * 90 + 1}.x` }));
    const manifest = manifestOf({ releases, stops, risks });
    const timed = (): number => {
      const started = process.cpuUsage();
      const graph = releaseGraph({ ...manifest });
      expect(graph.path('1.0.0', '1.1999.0').ok).toBe(true);
      expect(graph.unreachable()).toEqual([]);
      expect(graph.stranded()).toEqual([]);
      const { user, system } = process.cpuUsage(started);
      return (user + system) / 1000;
    };
    expect(Math.min(timed(), timed(), timed())).toBeLessThan(200);
  });
});
