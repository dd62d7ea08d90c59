import type { LayoutProblem } from '../../../core/scripts';
import { nothingSettled } from '../../../inputs/settled/settlement';
import type { ProjectContext } from '../../context/context';

/** A project of which only the problems of its migrations directory matter. */
export function directoryWith(...problems: LayoutProblem[]): ProjectContext {
  return {
    manifest: undefined,
    directory: {
      path: '/project/migrations',
      layout: 'plain',
      runner: { transaction: 'none', sends: 'whole', hasDowns: true },
      migrations: [],
      problems,
      reason: '',
      dialect: 'postgresql',
    },
    chain: [],
    minimum: 15,
    completeHistory: true,
    statistics: undefined,
    settlement: nothingSettled,
  };
}
