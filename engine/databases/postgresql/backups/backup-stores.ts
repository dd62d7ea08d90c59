import type { BackupStore, BackupStoreOptions } from '../../backup-store';
import type { Target } from '../../target';
import type { AnyTarget } from '../connections/create-target';
import { EmbeddedStore } from './embedded-store';
import { ServerStore } from './server-store';

/** How the state of a target that `createTarget` made is copied and put back. */
export function backupStoreOf(target: Target, options: BackupStoreOptions = {}): BackupStore {
  const own = target as AnyTarget;
  return own.driver === 'pglite' ? new EmbeddedStore(own) : new ServerStore(own, options);
}
