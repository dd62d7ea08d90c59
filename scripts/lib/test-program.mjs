// Runs the programs of test/<name>/main.ts.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { root } from './places.mjs';

/**
 * Bundles a program and the worker of the embedded database from the sources as they are now, apart from dist/, so that it never
 * shows yesterday's build, and runs it. What is missing is installed and built before. Sets the exit code.
 * @param {string} name of the folder in test/
 * @param {(program: { main: Function, worker: string, assets: string }) => Promise<number>} run calls `main` with its arguments
 */
export async function runTestProgram(name, run) {
  await ensureInstalled();
  const assets = join(root, 'dist', 'pglite');
  if (!existsSync(join(assets, 'version'))) await ensureBuilt();
  const { build } = await import('esbuild');
  const outdir = join(root, 'test-results', name, String(process.pid));
  try {
    await build({
      entryPoints: {
        [name]: join(root, 'test', name, 'main.ts'),
        'shadow-worker': join(root, 'engine', 'databases', 'postgresql', 'shadow', 'replayer.ts'),
      },
      outdir,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'warning',
      absWorkingDir: root,
    });
    const { main } = await import(pathToFileURL(join(outdir, `${name}.mjs`)).href);
    process.exitCode = await run({ main, worker: join(outdir, 'shadow-worker.mjs'), assets });
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

/** Standard output and error, as programs take them. */
export const streams = {
  write: (/** @type {string} */ text) => process.stdout.write(text),
  writeError: (/** @type {string} */ text) => process.stderr.write(text),
};
