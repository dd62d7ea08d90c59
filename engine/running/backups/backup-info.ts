import { join } from 'node:path';
import type { StoredBackup } from '../../databases/backup-record';
import type { BackupInfo } from '../plan';

/** A backup, as plans and reports show it. */
export function backupInfo({ record, folder }: StoredBackup): BackupInfo {
  const { id, target, targetDescription, identity, createdAt, release, bytes, proven } = record;
  const location = record.kind === 'database' ? record.content : join(folder, record.content);
  return { id, target, targetDescription, identity, createdAt, release, location, bytes, fingerprint: record.fingerprint.combined, proven };
}
