// npm run truth -- <checkout> [<checkout> ...] [--layout NAME] [--major N] [--limit N] [--only <migration>] [--known FILE] [--json FILE]:
// what migrations do up, down and up again on a real PostgreSQL server, and what the embedded engine says of it. See docs/truth.md.
// Ends with 1 when they disagree and nothing explains it.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { root } from './lib/places.mjs';
import { postgresqlMajors } from './lib/postgresql-majors.mjs';

const text = { type: /** @type {const} */ ('string') };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { layout: text, major: text, limit: text, only: text, known: text, json: text },
});
const newest = Math.max(...Object.keys(postgresqlMajors).map(Number));
const major = Number(values.major ?? newest);
const version = postgresqlMajors[/** @type {keyof typeof postgresqlMajors} */ (major)];
if (positionals.length === 0 || version === undefined) {
  console.error(
    'npm run truth -- <checkout> [<checkout> ...] [--layout NAME] [--major N] [--limit N] [--only <migration>] [--known FILE] [--json FILE]',
  );
  process.exit(2);
}

await ensureInstalled();
const assets = join(root, 'dist', 'pglite');
if (!existsSync(join(assets, 'version'))) await ensureBuilt();

// What results follow from; engine/shadow has what is never sent to a server, and the engine's rows.
const folders = ['test/truth/server', 'engine/shadow'];
const isMeasuring = (/** @type {string} */ path) =>
  path.startsWith('test/') ? !path.endsWith('seed-as-engine.ts') : path.endsWith('/refusal.ts');

const outdir = join(root, 'test-results', 'truth', String(process.pid));
try {
  await build({
    entryPoints: { truth: join(root, 'test', 'truth', 'main.ts'), 'shadow-worker': join(root, 'engine', 'shadow', 'worker-main.ts') },
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
  const { main } = await import(pathToFileURL(join(outdir, 'truth.mjs')).href);
  process.exitCode = await main({
    paths: positionals,
    layout: values.layout ?? 'auto',
    major,
    version,
    ...(values.limit !== undefined && { limit: Number(values.limit) }),
    ...(values.only !== undefined && { only: values.only }),
    ...(values.json !== undefined && { json: values.json }),
    known: values.known ?? join(root, 'test', 'truth', 'known.json'),
    cache: join(root, 'node_modules', '.cache', 'truth'),
    sources: { own: hashOf(folders, isMeasuring), asEngine: hashOf(folders, (path) => isMeasuring(path) || /\/seed-/.test(path)) },
    worker: join(outdir, 'shadow-worker.mjs'),
    assets,
    print: (/** @type {string} */ line) => console.log(line),
    progress: (/** @type {string} */ line) => void (process.stderr.isTTY && process.stderr.write(`\r${line}\x1b[K`)),
  });
} finally {
  await rm(outdir, { recursive: true, force: true });
}

/** @param {readonly string[]} folders @param {(path: string) => boolean} belongs @returns {string} */
function hashOf(folders, belongs) {
  const hash = createHash('sha256');
  const names = folders.flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)).sort();
  for (const path of names) if (belongs(path) && !path.endsWith('.test.ts')) hash.update(path).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}
