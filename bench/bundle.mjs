// The engine as a module, for benchmarks that time calls and not commands.
import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../scripts/lib/places.mjs';

/** Bundles and imports what the given lines export; paths are relative to the project. @param {string} contents */
export async function bundled(contents) {
  return import(pathToFileURL(await bundle(contents, 'bundle')).href);
}

/**
 * Bundles what the given lines export, into a file that is there until this process ends.
 * @param {string} contents Paths are relative to the project.
 * @param {string} name Of the bundle.
 * @returns {Promise<string>} Its path.
 */
export async function bundle(contents, name) {
  // Inside node_modules, so that the packages that stay outside of the bundle are found.
  const folder = join(root, 'node_modules', '.cache', 'bench');
  const outfile = join(folder, `${name}-${process.pid}.mjs`);
  await mkdir(folder, { recursive: true });
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    outfile,
    logLevel: 'warning',
  });
  process.once('exit', () => rmSync(outfile, { force: true }));
  return outfile;
}
