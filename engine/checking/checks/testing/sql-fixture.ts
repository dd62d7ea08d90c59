import { fileURLToPath } from 'node:url';
import { type Finding, type Fix, ungrouped } from '../../../core/finding';
import { memoryFiles } from '../../../host/memory-files';
import { analyse } from '../../analysis/analysis';
import { openProject } from '../../project/open-project';
import type { Shadow } from '../../../databases/observation';
import { createShadow } from '../../../databases/postgresql/shadow/shadow';
import type { TableStatistics } from '../../../inputs/statistics/statistics';
import type { Check } from '../check';
import type { CheckConfiguration } from '../../context/configuration';
import { wellWritten } from './well-written';

let shared: Promise<Shadow> | undefined;

/** The shadow that the tests of one worker share, from the built worker. It ends with the process: disposing of it does nothing. */
export async function startShadow(): Promise<Shadow> {
  const dist = fileURLToPath(new URL('../../../../dist', import.meta.url));
  shared ??= createShadow({ worker: `${dist}/shadow-worker.js`, assets: `${dist}/pglite` });
  const shadow = await shared;
  return {
    serverVersion: shadow.serverVersion,
    observe: (...parameters) => shadow.observe(...parameters),
    rehearse: (...parameters) => shadow.rehearse(...parameters),
    probe: shadow.probe?.bind(shadow),
    dispose: () => Promise.resolve(),
  };
}

/** File name in the migrations directory to text; `upgrade.yaml` and names with `../` stand beside the directory. */
export type Fixture = Readonly<Record<string, string>>;

export interface FixtureOptions {
  /** Without one, checks judge by the syntax. */
  readonly shadow?: Shadow;
  /** The files are named one by one, so that nothing is known of what ran before them. */
  readonly loose?: boolean;
  /** Runs every migration up, down and up again, for checks of rollbacks. */
  readonly rehearse?: boolean;
  /** Rows of tables in a live target, by qualified name. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Writes per second of the tables of `sizes`, by qualified name. */
  readonly writes?: Readonly<Record<string, number>>;
  /** The day for which dates are judged, `YYYY-MM-DD`. */
  readonly today?: string;
  /** The oldest server that must work. */
  readonly minimum?: number;
  /** Severities by check or group; checks that are off by default report only with one. */
  readonly configuration?: CheckConfiguration;
}

/** The findings of some checks over a fixture, each place on its own and in their order. */
export async function findingsIn(fixture: Fixture, checks: readonly Check[], options: FixtureOptions = {}): Promise<readonly Finding[]> {
  const paths = Object.fromEntries(Object.entries(fixture).map(([name, text]) => [pathOf(name), text]));
  const files = memoryFiles(paths);
  const root = options.loose ? Object.keys(paths) : ['upgrade.yaml' in fixture ? '/project/upgrade.yaml' : '/project/migrations'];
  const project = await openProject({ files, paths: root, minimum: options.minimum, today: options.today });
  if (!project.ok) throw new Error(`${project.problem.code}: ${project.problem.message}`);
  const analysis = await analyse(
    {
      ...project.value,
      statistics: options.sizes ? statisticsOf(options.sizes, options.writes) : project.value.statistics,
      configuration: options.configuration ?? project.value.configuration,
    },
    { checks, rehearse: options.rehearse ? 'all' : 'none', shadow: options.shadow },
  );
  if (analysis.shadowProblem) throw new Error(analysis.shadowProblem.message);
  const findings = wellWritten(ungrouped(analysis.findings));
  return findings.sort((a, b) => (a.file === b.file ? a.range.start - b.range.start : a.file < b.file ? -1 : 1));
}

function statisticsOf(sizes: Readonly<Record<string, number>>, writes: Readonly<Record<string, number>> = {}): TableStatistics {
  const tables = Object.entries(sizes).map(
    ([table, rows]) => [table, { rows, bytes: rows * 100, writesPerSecond: writes[table] }] as const,
  );
  return { file: '/project/mem8-statistics.json', takenAt: '2026-01-01T00:00:00Z', tables: new Map(tables) };
}

/** The fixture with the edits of a fix applied. */
export function applyFix(fixture: Fixture, fix: Fix | undefined): Fixture {
  if (!fix) throw new Error('there is no fix');
  const fixed: Record<string, string> = { ...fixture };
  for (const { file, range, newText } of [...fix.edits].sort((a, b) => b.range.start - a.range.start)) {
    const name = Object.keys(fixture).find((each) => pathOf(each) === file) ?? file.slice('/project/migrations/'.length);
    const text = fixed[name] ?? '';
    fixed[name] = text.slice(0, range.start) + newText + text.slice(range.end);
  }
  return fixed;
}

/** Where a file of a fixture stands. */
export function pathOf(name: string): string {
  if (name.startsWith('../')) return `/project/${name.slice(3)}`;
  return name === 'upgrade.yaml' ? '/project/upgrade.yaml' : `/project/migrations/${name}`;
}
