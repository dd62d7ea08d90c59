import { analyse } from '#engine/checking/analysis/analysis';
import type { Project } from '#engine/checking/project/project';
import type { Shadow } from '#engine/databases/observation';
import { compareMigration, type Evidence, mayDependOnRows, withSecondOpinion } from './compare';
import { causeOf, type KnownDisagreement } from './known';
import { recordingShadow } from './recording-shadow';
import type { MigrationResult, ProjectResult } from './report';
import { measureHistory, type HistoryOptions } from './server/measure-history';
import { seed } from './server/seed';
import { seedAsEngine } from './server/seed-as-engine';
import type { TruthCache } from './server/truth-cache';

export interface CheckOptions {
  readonly shadow: Shadow;
  readonly known: readonly KnownDisagreement[];
  /** What was measured before, with rows of the test's own and with rows like the engine's. */
  readonly caches: { readonly own: TruthCache; readonly asEngine: TruthCache };
  readonly cluster: HistoryOptions['cluster'];
  readonly onStep?: HistoryOptions['onStep'];
  /** Measures no more than so many migrations. */
  readonly limit?: number;
  /** Reports this migration alone; those before it are replayed. */
  readonly only?: string;
  /** Changes what the engine says, to see that it is noticed. */
  readonly falsify?: (evidence: Evidence, id: string) => Evidence;
}

/** Holds what the engine says of a project's migrations against a real server. */
export async function checkProject(name: string, whole: Project, options: CheckOptions): Promise<ProjectResult> {
  const { shadow, cluster, caches, onStep, only, falsify = (evidence) => evidence } = options;
  const started = performance.now();
  const recording = recordingShadow(shadow);
  const { context, shadowProblem } = await analyse(upTo(whole, options), { shadow: recording, checks: [] });
  const measured = performance.now();
  const byId = new Map(context.chain.map((each) => [each.migration.id, each]));
  const migrations: MigrationResult[] = [];
  for (const history of recording.histories) {
    const { steps } = history;
    const evidenceOf = (id: string) =>
      falsify({ roundTrip: byId.get(id)?.roundTrip, statements: byId.get(id)?.observation?.statements }, id);
    const chosen = only === undefined ? undefined : new Set(steps.flatMap(({ id }, index) => (id === only ? index : [])));
    const truths = await measureHistory(history, {
      cache: caches.own,
      cluster,
      seeder: seed,
      wanted: chosen,
      onStep,
    });
    const compared = new Map([...truths].map(([index, truth]) => [index, compareMigration(truth, evidenceOf(steps[index]?.id ?? ''))]));
    const wanted = new Set([...compared].flatMap(([index, each]) => (each.some(mayDependOnRows) ? index : [])));
    const others =
      wanted.size === 0
        ? new Map<number, never>()
        : await measureHistory(history, { cache: caches.asEngine, cluster, seeder: seedAsEngine, wanted });
    for (const [index, truth] of truths) {
      const { id = '', down } = steps[index] ?? {};
      const other = others.get(index);
      const comparisons = withSecondOpinion(compared.get(index) ?? [], other && compareMigration(other, evidenceOf(id)));
      const causes = comparisons.map((each) => ({ ...each, cause: causeOf(options.known, name, id, each.aspect) }));
      migrations.push({ id, hasDown: down !== undefined, comparisons: causes, truth });
    }
  }
  return {
    project: name,
    migrations,
    problem: shadowProblem?.message,
    usesStandIns: recording.histories.some(({ before }) => before.some(({ id }) => id === 'stand-ins')),
    seconds: { engine: (measured - started) / 1000, server: (performance.now() - measured) / 1000 },
  };
}

function upTo(project: Project, { limit = Infinity, only }: CheckOptions): Project {
  const { directory } = project;
  if (!directory) return project;
  const place = directory.migrations.findIndex(({ id }) => id === only);
  const end = Math.min(limit, place < 0 ? Infinity : place + 1);
  return { ...project, directory: { ...directory, migrations: directory.migrations.slice(0, end) } };
}
