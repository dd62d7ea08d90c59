import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Flushes the files of a folder that were changed at or after `since` (milliseconds since 1970), and the folders. */
export async function syncTree(folder: string, since = 0): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  // Together, so that the file system can write its journal once for many.
  await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await syncTree(path, since);
      else if (entry.isFile() && (since <= 0 || (await stat(path)).mtimeMs >= since)) await syncFile(path);
    }),
  );
  if (since <= 0 || (await stat(folder)).mtimeMs >= since) await syncFolder(folder);
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Flushes a folder's list of names. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
