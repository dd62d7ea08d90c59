import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The folder beside a manifest that holds embedded databases and backups. */
export const privateFolderName = '.mem8';

/**
 * Makes a folder and its parents. A `.mem8` folder among them gets a `.gitignore` of its own, so that the hundreds of files of a
 * database never show up as changes of a repository; one that is there is kept.
 * @param path absolute
 * @throws what the file system throws when the folder cannot be made
 */
export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true });
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if (basename(folder) === privateFolderName) return ignoreContents(folder);
  }
}

function ignoreContents(folder: string): void {
  try {
    writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx' });
  } catch {
    // It is there already, or the folder is read-only, which is told where it matters.
  }
}
