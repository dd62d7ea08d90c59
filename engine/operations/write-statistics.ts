import { parentFolder, resolvePath } from '../core/paths';
import { type Outcome, outcomeOf } from '../core/problem';
import { type Installation, lookAtTarget } from './installation';
import type { TableStatistics } from '../inputs/statistics/statistics';
import { statisticsFileName, statisticsText } from '../inputs/statistics/statistics-file';
import { takeStatistics } from '../inputs/statistics/take-statistics';

interface StatisticsRequest extends Installation {
  /** Absolute path of the file to write. Default: the one that the manifest names, else `mem8-statistics.json` beside it. */
  readonly output?: string;
}

/** Writes the sizes of a target's tables to the statistics file of the repository. Changes nothing in the target. */
export function writeStatistics(request: StatisticsRequest): Promise<Outcome<TableStatistics>> {
  return outcomeOf(() =>
    lookAtTarget(request, async ({ sources, session }) => {
      const { clock, files } = request.host;
      const named = sources.manifest.migrations.statistics ?? statisticsFileName;
      const file = request.output ?? resolvePath(parentFolder(request.manifestPath), named);
      const takenAt = clock.now().toISOString();
      const tables = await takeStatistics(session);
      await files.write(file, statisticsText(takenAt, tables));
      return { file, takenAt, tables };
    }),
  );
}
