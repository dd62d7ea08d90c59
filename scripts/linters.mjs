// npm run linters -- <folder with checkouts> [--tool squawk] [--json]: what the checks say about the test files of other linters.
// docs/linters.md describes what is read, what counts, and how disagreements are explained.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { root } from './lib/places.mjs';

await ensureInstalled();
const assets = join(root, 'dist', 'pglite');
if (!existsSync(join(assets, 'version'))) await ensureBuilt();

// Bundled from the sources as they are now, apart from dist/, so that it never shows yesterday's build.
const outdir = join(root, 'test-results', 'linters', String(process.pid));
try {
  await build({
    entryPoints: { linters: join(root, 'test', 'linters', 'main.ts'), 'shadow-worker': join(root, 'engine', 'shadow', 'worker-main.ts') },
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
  const { main } = await import(pathToFileURL(join(outdir, 'linters.mjs')).href);
  process.exitCode = await main({
    arguments: process.argv.slice(2),
    explanations: join(root, 'test', 'linters', 'disagreements.json'),
    worker: join(outdir, 'shadow-worker.mjs'),
    assets,
    write: (/** @type {string} */ text) => process.stdout.write(text),
    writeError: (/** @type {string} */ text) => process.stderr.write(text),
  });
} finally {
  await rm(outdir, { recursive: true, force: true });
}
