// Brings the dependencies of the checkout up to date. Uses nothing but Node.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';
import { runNpm } from './processes.mjs';

const installMs = 600_000;

/**
 * Installs what package-lock.json says, unless it is installed already.
 * @param {readonly string[]} [options] Further options of npm ci.
 * @returns {Promise<boolean>} Whether anything had to be installed.
 */
export async function ensureInstalled(options = []) {
  if (isInstalled()) return false;
  console.log('Installing the dependencies (npm ci) ...');
  const result = await runNpm(['ci', '--no-audit', '--no-fund', ...options], { cwd: root, timeoutMs: installMs, show: true });
  if (result.code !== 0) throw new Error(`npm ci ended with ${result.code}.`);
  return true;
}

/** Compares the lock file with the one that npm keeps of what it installed. */
function isInstalled() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = readPackages(installed);
  const want = Object.entries(readPackages(join(root, 'package-lock.json')));
  return want.every(([path, entry]) => path === '' || entry.optional || entry.devOptional || have[path]?.version === entry.version);
}

/** @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }>} */
function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}
