import { isReplayable } from '../../context/replay-limits';
import { startsMidway } from '../../../databases/postgresql/inference/starts-midway';
import type { Lesson } from '../../../databases/postgresql/inference/server-lessons';
import type { SqlNode } from '../../../databases/postgresql/sql/statement';
import { postgresqlChecks } from '../../checks/postgresql/index';
import { environmentSql } from '../../project/environment';
import type { ProductAnalysis } from '../product-replay';
import { baselineContext, baselineReplay } from './baseline';
import { replayHistory } from './replay-history';
import { withTransforms } from './transforms';

/** How PostgreSQL's migrations are analysed. */
export const postgresqlAnalysis: ProductAnalysis<SqlNode> = {
  checks: postgresqlChecks,
  async replay({ project, migrations }, options) {
    const { directory, manifest, queries } = project;
    const environment = environmentSql(directory, project.platforms, project.baseline?.text);
    const declared = project.baseline ?? (environment === '' ? undefined : { file: '', text: '' });
    const baseline = declared && baselineReplay(declared, environment);
    const startsKnown =
      directory?.layout !== 'loose' && (project.baseline !== undefined || !startsMidway(migrations.map(({ up }) => up.statements)));
    const isComplete = project.completeHistory && migrations.every(isReplayable) && startsKnown;
    const evidence = await replayHistory(
      {
        directory,
        migrations: withTransforms(migrations, manifest?.manifest),
        baseline,
        isComplete,
        startsKnown,
        releases: manifest?.manifest && queries && { manifest: manifest.manifest, queries },
        findOtherHistories: project.findOtherHistories,
      },
      { ...options, lessons: options.lessons as readonly Lesson[] | undefined },
    );
    return { ...evidence, isComplete, baseline: project.baseline && baseline && baselineContext(baseline, evidence.baseline) };
  },
};
