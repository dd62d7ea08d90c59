import { type Outcome } from '../core/problem';
import { type TargetRequest } from '../upgrade/opened-target';
import type { TableStatistics } from './statistics';
export interface StatisticsRequest extends TargetRequest {
  /** Absolute path of the file to write. Default: the one that the manifest names, else `mem8-statistics.json` beside it. */
  readonly output?: string;
}
/** Writes the sizes of a target's tables to the statistics file of the repository. Changes nothing in the target. */
export declare function writeStatistics(request: StatisticsRequest): Promise<Outcome<TableStatistics>>;
//# sourceMappingURL=write-statistics.d.ts.map
