// Temporary folders that are gone when the process is.
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @type {Set<string>} */
const folders = new Set();
let guarded = false;
const options = { recursive: true, force: true, maxRetries: 5, retryDelay: 200 };

/**
 * @param {string} prefix The start of its name.
 * @returns {Promise<{ path: string, remove: () => Promise<void> }>}
 */
export async function temporaryFolder(prefix) {
  if (!guarded) process.once('exit', removeAll);
  guarded = true;
  const path = await mkdtemp(join(tmpdir(), prefix));
  folders.add(path);
  const remove = async () => {
    await rm(path, options);
    folders.delete(path);
  };
  return { path, remove };
}

function removeAll() {
  for (const folder of folders) {
    try {
      rmSync(folder, options);
    } catch {
      // Left to the system's own clean-up.
    }
  }
}
