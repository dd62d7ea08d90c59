import { aspects, type Aspect, type Comparison } from './compare';

/** What came out of one project. */
export interface ProjectResult {
  readonly project: string;
  readonly migrations: readonly MigrationResult[];
  readonly unseeded: number;
  readonly usesStandIns: boolean;
  readonly seconds: { readonly engine: number; readonly server: number };
}

export interface MigrationResult {
  readonly id: string;
  readonly hasDown: boolean;
  readonly comparisons: readonly (Comparison & { readonly cause?: string | undefined })[];
}

const observed: readonly Aspect[] = ['locks', 'rewrites', 'scans', 'errors'];

/** One line per disagreement. */
export function disagreementLines({ project, migrations }: ProjectResult): string[] {
  return migrations.flatMap(({ id, comparisons }) =>
    // A schema that differs because a down fails is told once.
    comparisons.flatMap(({ aspect, result, server, engine, cause }, index) => {
      if (result !== 'other' || (aspect === 'schema' && comparisons[index - 1]?.server === server)) return [];
      return `${cause === undefined ? 'DIFFERS' : 'known'} ${project} ${id}, ${aspect}: the server says "${server}", the engine says "${engine}"${
        cause === undefined ? '' : ` (${cause})`
      }`;
    }),
  );
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
    unseeded: 0,
    usesStandIns: false,
    seconds: {
      engine: results.reduce((sum, { seconds }) => sum + seconds.engine, 0),
      server: results.reduce((sum, { seconds }) => sum + seconds.server, 0),
    },
  };
}

/** Why aspects could not be compared, with how often. */
export function notComparableLines({ project, migrations }: ProjectResult): string[] {
  const lines = aspects.flatMap((aspect) => {
    const own = migrations.flatMap(({ comparisons }) =>
      comparisons.filter((each) => each.aspect === aspect && each.result === 'not comparable'),
    );
    return own.length === 0 ? [] : `${aspect} ${own.length}`;
  });
  return lines.length === 0 ? [] : [`${project}, not comparable: ${lines.join(', ')}`];
}
