import { analyse } from '#engine/project/analysis';
import type { Project } from '#engine/project/project';
import type { Shadow } from '#engine/shadow/observation';
import { compareMigration } from './compare';
import { causeOf, type KnownDisagreement } from './known';
import { recordingShadow } from './recording-shadow';
import type { MigrationResult, ProjectResult } from './report';
import { measureHistory, type HistoryOptions } from './server/measure-history';

export interface CheckOptions extends HistoryOptions {
  readonly shadow: Shadow;
  readonly known: readonly KnownDisagreement[];
  /** Measures no more than so many migrations. */
  readonly limit?: number;
  /** Reports this migration alone; those before it are replayed. */
  readonly only?: string;
  /** Changes what the engine says, to see that it is noticed. */
  readonly falsify?: (result: Parameters<typeof compareMigration>[1], id: string) => Parameters<typeof compareMigration>[1];
}

/** Holds what the engine says of a project's migrations against a real server. */
export async function checkProject(name: string, whole: Project, options: CheckOptions): Promise<ProjectResult> {
  const { shadow, known, falsify = (evidence) => evidence } = options;
  const project = upTo(whole, options);
  const started = performance.now();
  const recording = recordingShadow(shadow);
  const { context, shadowProblem } = await analyse(project, { shadow: recording, checks: [] });
  if (shadowProblem) throw new Error(`${name}: ${shadowProblem.message}`);
  const measured = performance.now();
  const migrations: MigrationResult[] = [];
  const byId = new Map(context.chain.map((each) => [each.migration.id, each]));
  let usesStandIns = false;
  const unseeded = new Set<string>();
  for (const history of recording.histories) {
    usesStandIns ||= history.before.some(({ id }) => id === 'stand-ins');
    const truths = await measureHistory(history, options);
    for (const [index, truth] of truths.entries()) {
      const id = history.steps[index]?.id ?? '';
      const found = byId.get(id);
      if (options.only !== undefined && options.only !== id) continue;
      for (const { table } of truth.unseeded) unseeded.add(table);
      const evidence = falsify({ roundTrip: found?.roundTrip, statements: found?.observation?.statements }, id);
      const comparisons = compareMigration(truth, evidence).map((each) => ({ ...each, cause: causeOf(known, name, id, each.aspect) }));
      migrations.push({ id, hasDown: history.steps[index]?.down !== undefined, comparisons });
    }
  }
  const seconds = { engine: (measured - started) / 1000, server: (performance.now() - measured) / 1000 };
  return { project: name, migrations, unseeded: unseeded.size, usesStandIns, seconds };
}

function upTo(project: Project, { limit = Infinity, only }: CheckOptions): Project {
  const { directory } = project;
  if (!directory) return project;
  const place = directory.migrations.findIndex(({ id }) => id === only);
  const end = Math.min(limit, place < 0 ? Infinity : place + 1);
  return { ...project, directory: { ...directory, migrations: directory.migrations.slice(0, end) } };
}
