// Folders in the cache that are either complete or not there.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cache as defaultParent } from './places.mjs';

const stampName = 'complete';

/**
 * Returns a folder of the cache, and fills it first if it is not there. It is filled under another name and renamed at the end,
 * so an interrupted fill never counts.
 * @param {string} name Names the content with its version: another version is another folder.
 * @param {(folder: string) => Promise<void>} fill
 * @param {string} [cache] The folder that holds it.
 */
export async function cachedFolder(name, fill, cache = defaultParent) {
  const folder = join(cache, name);
  if (existsSync(join(folder, stampName))) return folder;
  await mkdir(cache, { recursive: true });
  await removeAbandoned(name, cache);
  const draft = join(cache, `${name}.filling-${process.pid}`);
  await mkdir(draft, { recursive: true });
  try {
    await fill(draft);
    await writeFile(join(draft, stampName), `${name}\n`);
    await moveInto(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

async function moveInto(draft, folder) {
  if (existsSync(join(folder, stampName))) return;
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
}

/** Drafts of processes that are gone. */
async function removeAbandoned(name, cache) {
  const prefix = `${name}.filling-`;
  const drafts = (await readdir(cache)).filter((entry) => entry.startsWith(prefix));
  const abandoned = drafts.filter((entry) => !isRunning(Number(entry.slice(prefix.length))));
  await Promise.all(abandoned.map((entry) => rm(join(cache, entry), { recursive: true, force: true })));
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
