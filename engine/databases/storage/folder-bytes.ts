import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The sizes of all files in a folder, added up. What is removed meanwhile does not count. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => lstat(join(entry.parentPath, entry.name)));
  const sizes = await Promise.allSettled(files);
  return sizes.reduce((sum, size) => sum + (size.status === 'fulfilled' ? size.value.size : 0), 0);
}
