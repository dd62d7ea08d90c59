import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const prefix = 'mem8-shadow-';

/** A new folder for a shadow's data, named after this process. */
export async function makeShadowFolder(storage: string): Promise<string> {
  await mkdir(storage, { recursive: true });
  return mkdtemp(join(storage, `${prefix}${process.pid}-`));
}

export async function removeShadowFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes folders that processes left behind which no longer run. */
export async function removeAbandonedFolders(storage: string): Promise<void> {
  for (const name of await readdir(storage).catch(() => [])) {
    const owner = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : 0;
    if (Number.isInteger(owner) && owner > 0 && !isRunning(owner)) await removeShadowFolder(join(storage, name)).catch(() => {});
  }
}

function isRunning(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
