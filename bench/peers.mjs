// The linters that the benchmark compares with, pinned and installed when they are needed, outside the project's own dependencies.
import { join } from 'node:path';
import { cachedFolder } from '../scripts/lib/cache.mjs';
import { root } from '../scripts/lib/places.mjs';
import { runNpm } from '../scripts/lib/processes.mjs';

const versions = { 'squawk-cli': '2.66.0', '@postgres-language-server/cli': '0.25.5' };

/**
 * Installs a peer, unless it is there already.
 * @param {keyof typeof versions} name
 * @param {string} binary
 * @returns {Promise<string>} The path of its binary.
 */
export async function installPeer(name, binary) {
  const wanted = `${name}@${versions[name]}`;
  const parent = join(root, 'node_modules', '.cache', 'peers');
  const folder = await cachedFolder(wanted.replace(/[@/]+/g, '-').replace(/^-/, ''), (draft) => install(wanted, draft), parent);
  return join(folder, 'node_modules', '.bin', binary);
}

/** @param {string} wanted @param {string} folder */
async function install(wanted, folder) {
  const { code, output } = await runNpm(['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, wanted], {
    cwd: folder,
    timeoutMs: 120_000,
  });
  if (code !== 0) throw new Error(`${wanted} could not be installed (npm ended with ${code}): ${output.trim()}`);
}
