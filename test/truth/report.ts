import type { MigrationTruth } from './server/migration-truth';
import { aspects, type Aspect, type Comparison } from './compare';

/** What came out of one project. */
export interface ProjectResult {
  readonly project: string;
  readonly migrations: readonly MigrationResult[];
  /** Why the engine says nothing more. */
  readonly problem: string | undefined;
  readonly usesStandIns: boolean;
  readonly seconds: { readonly engine: number; readonly server: number };
}

export interface MigrationResult {
  readonly id: string;
  readonly hasDown: boolean;
  readonly comparisons: readonly (Comparison & { readonly cause?: string | undefined })[];
  readonly truth: MigrationTruth;
}

const observed: readonly Aspect[] = ['locks', 'rewrites', 'scans', 'errors'];

/** One line per disagreement. */
export function disagreementLines({ project, migrations, problem }: ProjectResult): string[] {
  const gaveUp = problem === undefined ? [] : [`DIFFERS ${project}: the engine says nothing more: ${problem}`];
  const lines = migrations.flatMap(({ id, comparisons }) =>
    // A schema that differs because a down fails is told once.
    comparisons.flatMap(({ aspect, result, server, engine, cause }, index) => {
      if (result !== 'other' || (aspect === 'schema' && comparisons[index - 1]?.server === server)) return [];
      return `${cause === undefined ? 'DIFFERS' : 'known'} ${project} ${id}, ${aspect}: the server says "${server}", the engine says "${engine}"${
        cause === undefined ? '' : ` (${cause})`
      }`;
    }),
  );
  return [...gaveUp, ...lines];
}

/** How many disagreements nothing explains. */
export function unexplained(results: readonly ProjectResult[]): number {
  return results.reduce((sum, result) => sum + disagreementLines(result).filter((line) => line.startsWith('DIFFERS')).length, 0);
}

const heads = [
  'project',
  'migrations',
  'ups replayed',
  'with down',
  'schema',
  'rows',
  'observations',
  'not comparable',
  'explained',
  'time',
] as const;

/** The figures of each project, and of all together. */
export function tableLines(results: readonly ProjectResult[]): string[] {
  const rows = [[...heads], ...results.map(rowOf), ...(results.length > 1 ? [rowOf(joined(results))] : [])];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function rowOf({ project, migrations, seconds, usesStandIns }: ProjectResult): string[] {
  const all = migrations.flatMap(({ comparisons }) => comparisons);
  const ups = migrations.filter((each) => says(each, 'up', ({ server }) => server === 'works'));
  const replayed = ups.filter((each) => says(each, 'up', ({ engine }) => engine === 'works'));
  const withDown = migrations.filter(({ hasDown }) => hasDown);
  return [
    `${project}${usesStandIns ? ' (stand-ins)' : ''}`,
    String(migrations.length),
    `${replayed.length} of ${ups.length}`,
    String(withDown.length),
    share(all.filter(({ aspect }) => aspect === 'schema')),
    share(all.filter(({ aspect }) => aspect === 'rows')),
    share(migrations.flatMap(observationsOf)),
    String(all.filter(({ result }) => result === 'not comparable').length),
    String(all.filter(({ result, cause }) => result === 'other' && cause !== undefined).length),
    `${seconds.engine.toFixed(0)} s + ${seconds.server.toFixed(0)} s`,
  ];
}

function says({ comparisons }: MigrationResult, aspect: Aspect, test: (comparison: Comparison) => boolean): boolean {
  const found = comparisons.find((each) => each.aspect === aspect);
  return found !== undefined && test(found);
}

/** All that was observed of a migration, as one. */
function observationsOf({ comparisons }: MigrationResult): Pick<Comparison, 'result'>[] {
  const own = comparisons.filter(({ aspect }) => observed.includes(aspect));
  if (own.length === 0) return [];
  return [{ result: own.some(({ result }) => result === 'other') ? 'other' : 'same' }];
}

function share(compared: readonly Pick<Comparison, 'result'>[]): string {
  const known = compared.filter(({ result }) => result !== 'not comparable');
  const same = known.filter(({ result }) => result === 'same').length;
  return known.length === 0 ? '-' : `${same}/${known.length} ${((100 * same) / known.length).toFixed(1)} %`;
}

function joined(results: readonly ProjectResult[]): ProjectResult {
  return {
    project: 'all',
    migrations: results.flatMap(({ migrations }) => migrations),
    problem: undefined,
    usesStandIns: false,
    seconds: {
      engine: results.reduce((sum, { seconds }) => sum + seconds.engine, 0),
      server: results.reduce((sum, { seconds }) => sum + seconds.server, 0),
    },
  };
}

/** What is worth knowing although it is no disagreement: scripts that fail everywhere, and what could not be compared. */
export function noteLines({ project, migrations }: ProjectResult): string[] {
  const failing = migrations.flatMap(({ id, comparisons }) =>
    comparisons.filter(({ aspect, server }) => aspect === 'up' && server !== 'works').map(({ server }) => `${id} ${server}`),
  );
  const unknown = aspects.flatMap((aspect) => {
    const own = migrations.flatMap(({ comparisons }) =>
      comparisons.filter((each) => each.aspect === aspect && each.result === 'not comparable'),
    );
    return own.length === 0 ? [] : `${aspect} ${own.length}`;
  });
  const unseeded = new Set(migrations.flatMap(({ truth }) => truth.unseeded.map(({ table }) => table)));
  return [
    ...(failing.length > 0 ? [`${project}: ${failing.length} ups fail on the server, the first is ${failing[0]}`] : []),
    ...(unknown.length > 0 ? [`${project}: not comparable: ${unknown.join(', ')}`] : []),
    ...(unseeded.size > 0 ? [`${project}: no rows could be made for ${[...unseeded].join(', ')}`] : []),
  ];
}
