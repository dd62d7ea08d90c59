// Builds dist/ when it is older than what it is made from.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';
import { run } from './processes.mjs';

const sources = ['client', 'server', 'cli', 'engine', 'protocol', 'esbuild.mjs', 'package.json', 'package-lock.json'];
const bundles = ['client.js', 'server.mjs', 'cli.mjs', 'shadow-worker.js'];
/** Written once the assets of the embedded database are complete. The build renews them itself when they are of another version. */
const assetsStamp = 'pglite/version';
const buildMs = 300_000;

/** @returns {Promise<boolean>} Whether anything had to be built. */
export async function ensureBuilt() {
  if (isBuilt(root)) return false;
  console.log('Building dist/ ...');
  const result = await run(process.execPath, [join(root, 'esbuild.mjs')], { cwd: root, timeoutMs: buildMs, show: true });
  if (result.code !== 0) throw new Error(`The build ended with ${result.code}.`);
  return true;
}

/**
 * Whether the bundles are newer than all sources and the assets are there.
 * @param {string} folder of the repository
 */
export function isBuilt(folder) {
  const built = Math.min(...bundles.map((name) => changedAt(join(folder, 'dist', name))));
  const changed = Math.max(...sources.map((name) => newestIn(join(folder, name))));
  return built > changed && existsSync(join(folder, 'dist', assetsStamp));
}

/** Milliseconds since 1970 of the newest file; tests are not among the sources. */
function newestIn(path) {
  if (!existsSync(path) || !statSync(path).isDirectory()) return changedAt(path);
  const names = readdirSync(path).filter((name) => !/\.test\.ts$/.test(name));
  return Math.max(0, ...names.map((name) => newestIn(join(path, name))));
}

/** Milliseconds since 1970; 0 when there is no such file. */
function changedAt(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}
