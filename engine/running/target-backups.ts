import { parentFolder, resolvePath } from '../core/paths';
import { privateFolderName } from '../databases/postgresql/connections/private-folder';
import { StateRecovery } from './backups/state-recovery';
import type { Backups } from './backups';
import { valueOf, type OpenedTarget, type TargetRequest } from './opened-target';

/** Where the backups of a project's targets are kept. */
export function backupsFolder(manifestPath: string): string {
  return resolvePath(parentFolder(manifestPath), `${privateFolderName}/backups`);
}

/** The backups of an opened target, in the folder beside its manifest. */
export function backupsOf(request: TargetRequest, { target }: Pick<OpenedTarget, 'target'>): Backups {
  const { host, manifestPath } = request;
  const recovery = new StateRecovery({ target, backupsFolder: backupsFolder(manifestPath), clock: host.clock, logger: host.logger });
  return {
    async take(session, { release, signal }) {
      return valueOf(await recovery.backup({ release, session, ...(signal && { signal }) }));
    },
    async list() {
      const { backups, problems } = valueOf(await recovery.list());
      for (const problem of problems) host.logger.warn(problem.message);
      return [...backups].reverse();
    },
    async restore(session, backup, { signal }) {
      await session.close();
      const restored = await recovery.restore(backup.id, { ...(signal && { signal }) });
      const reopened = await target.open();
      await reopened.lock({ waitMs: relockMs, holder: host.holder });
      if (!restored.ok) return { session: reopened, problem: restored.problem };
      const { previous } = restored.value;
      return { session: reopened, ...(previous !== '' && { previous }) };
    },
  };
}

const relockMs = 10_000;
