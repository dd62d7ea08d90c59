// npm run judge -- <checkout> [--sample 40] [--seed N] ...: random findings of a project with their script around them, for a person to
// mark; the marks are kept in test/judge/marks.json. docs/judging.md describes it.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { root } from './lib/places.mjs';

await ensureInstalled();
const assets = join(root, 'dist', 'pglite');
if (!existsSync(join(assets, 'version'))) await ensureBuilt();

/** @param {string} question */
async function ask(question) {
  if (process.stdin.isTTY !== true) return undefined;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}

const outdir = join(root, 'test-results', 'judge', String(process.pid));
try {
  await build({
    entryPoints: { judge: join(root, 'test', 'judge', 'main.ts'), 'shadow-worker': join(root, 'engine', 'shadow', 'worker-main.ts') },
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
  const { main } = await import(pathToFileURL(join(outdir, 'judge.mjs')).href);
  process.exitCode = await main({
    arguments: process.argv.slice(2),
    cwd: process.cwd(),
    marks: join(root, 'test', 'judge', 'marks.json'),
    kept: join(root, 'test-results', 'judge'),
    worker: join(outdir, 'shadow-worker.mjs'),
    assets,
    ask,
    write: (/** @type {string} */ text) => process.stdout.write(text),
    writeError: (/** @type {string} */ text) => process.stderr.write(text),
  });
} finally {
  await rm(outdir, { recursive: true, force: true });
}
