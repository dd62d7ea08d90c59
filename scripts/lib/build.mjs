// Builds dist/ when it is older than what it is made from.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';
import { run } from './processes.mjs';

const sources = ['client', 'server', 'cli', 'engine', 'protocol', 'esbuild.mjs', 'package.json', 'package-lock.json'];
const products = ['client.js', 'server.js', 'cli.js', 'shadow-worker.js', 'pglite/version'];
const buildMs = 300_000;

/** @returns {Promise<boolean>} Whether anything had to be built. */
export async function ensureBuilt() {
  const built = Math.min(...products.map((name) => changedAt(join(root, 'dist', name))));
  const changed = Math.max(...sources.map((name) => newestIn(join(root, name))));
  if (built > changed) return false;
  console.log('Building dist/ ...');
  const result = await run(process.execPath, [join(root, 'esbuild.mjs')], { cwd: root, timeoutMs: buildMs, show: true });
  if (result.code !== 0) throw new Error(`The build ended with ${result.code}.`);
  return true;
}

function newestIn(path) {
  if (!existsSync(path) || !statSync(path).isDirectory()) return changedAt(path);
  return Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

/** Milliseconds since 1970; 0 when there is no such file. */
function changedAt(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}
