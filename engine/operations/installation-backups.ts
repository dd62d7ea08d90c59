import { parentFolder, resolvePath } from '../core/paths';
import { outcomeOf } from '../core/problem';
import { TargetBackups } from '../running/backups/target-backups';
import { privateFolderName } from '../databases/postgresql/connections/private-folder';
import type { Backups } from '../running/backups/backups';
import type { Installation, OpenedTarget } from './installation';

const relockMs = 10_000;

/** The backups of an opened target, in the folder beside its manifest. */
export function backupsOf({ host, manifestPath }: Installation, { target }: Pick<OpenedTarget, 'target'>): Backups {
  const backupsFolder = resolvePath(parentFolder(manifestPath), `${privateFolderName}/backups`);
  const stored = new TargetBackups({ target, backupsFolder, clock: host.clock, logger: host.logger });
  return {
    take: (session, options) => stored.create({ session, ...options }),
    async list() {
      const { backups, problems } = await stored.list();
      for (const problem of problems) host.logger.warn(problem.message);
      return [...backups].reverse();
    },
    async restore(session, { id }, options) {
      await session.close();
      const restored = await outcomeOf(() => stored.restore(id, options));
      const reopened = await target.open();
      await reopened.lock({ waitMs: relockMs, holder: host.holder });
      if (!restored.ok) return { session: reopened, problem: restored.problem };
      return { session: reopened, previous: restored.value.previous || undefined };
    },
  };
}
