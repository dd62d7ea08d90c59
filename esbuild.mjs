// Bundles the extension, the language server, the command line and the shadow worker into dist/,
// and lays their WebAssembly assets beside them. `--watch` rebuilds on change; `--production` minifies.
import { build, context } from 'esbuild';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

const root = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const dist = join(root, 'dist');

/** Counts up when the template of the embedded database is made in another way. */
const templateVersion = 5;

/** What is loaded as CommonJS, each in one file. */
const bundled = {
  client: 'client/extension.ts',
  'shadow-worker': 'engine/databases/postgresql/shadow/replayer.ts',
};
/** The programs. They share their files, and load what a command or a request needs when it is needed. */
const programs = {
  server: 'server/node-main.ts',
  cli: 'cli/node-main.ts',
};

await mkdir(dist, { recursive: true });
for (const name of await readdir(dist)) if (/\.mjs(?:\.map)?$/.test(name)) await rm(join(dist, name));
await copyAssets();

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: production ? false : 'linked',
  minify: production,
  legalComments: 'none',
  logLevel: 'warning',
  outdir: dist,
  absWorkingDir: root,
  external: ['vscode', 'pg-native'],
  mainFields: ['module', 'main'],
};

/** @type {import('esbuild').BuildOptions[]} */
const builds = [
  {
    ...common,
    entryPoints: bundled,
    format: 'cjs',
    // The bundled libraries locate their assets through import.meta.url, which CommonJS lacks.
    define: { 'import.meta.url': '__moduleUrl' },
    banner: { js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  },
  {
    ...common,
    entryPoints: programs,
    format: 'esm',
    splitting: true,
    outExtension: { '.js': '.mjs' },
    // Bundled CommonJS libraries use what modules lack.
    banner: {
      js: [
        "import { createRequire as __createRequire } from 'node:module';",
        "const require = __createRequire(import.meta.url), __dirname = require('node:url').fileURLToPath(new URL('.', import.meta.url));",
      ].join('\n'),
    },
  },
];

let building = 0;
/** @type {import('esbuild').Plugin} */
const watchMessages = {
  name: 'watch-messages',
  setup(b) {
    // The wording that the watch task in .vscode/tasks.json waits for.
    b.onStart(() => void (building++ === 0 && console.log('[watch] build started')));
    b.onEnd(() => void (--building === 0 && console.log('[watch] build finished')));
  },
};

for (const program of Object.keys(programs)) {
  await writeFile(join(dist, `${program}.js`), `#!/usr/bin/env node\nimport('./${program}.mjs');\n`);
  await chmod(join(dist, `${program}.js`), 0o755);
}
for (const options of builds) {
  if (!watch) await build(options);
  else await (await context({ ...options, logLevel: 'info', plugins: [watchMessages] })).watch();
}

async function copyAssets() {
  await cp(require.resolve('libpg-query').replace(/index\.(c?js)$/, 'libpg-query.wasm'), join(dist, 'libpg-query.wasm'));
  const from = dirname(require.resolve('@electric-sql/pglite'));
  const to = join(dist, 'pglite');
  const version = JSON.parse(await readFile(join(from, '..', 'package.json'), 'utf8')).version;
  const stamp = join(to, 'version');
  const made = `${version} ${templateVersion}`;
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === made) return;
  await rm(to, { recursive: true, force: true });
  await mkdir(join(to, 'extensions'), { recursive: true });
  for (const name of ['pglite.wasm', 'pglite.data']) await cp(join(from, name), join(to, name));
  for (const name of await readdir(from)) {
    if (name.endsWith('.tar.gz')) await cp(join(from, name), join(to, 'extensions', name));
  }
  console.log('Initialising the template of the embedded database (once).');
  const folder = await mkdtemp(join(tmpdir(), 'mem8-template-'));
  try {
    await makeTemplate(join(folder, 'data'), to);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await writeFile(stamp, made);
}

/**
 * Initialises a data directory and writes its files, one after the other and packed, with an index of their places.
 * @param {string} folder @param {string} to
 */
async function makeTemplate(folder, to) {
  const { PGlite } = await import('@electric-sql/pglite');
  const database = await PGlite.create({
    dataDir: folder,
    // Of the write-ahead log, new databases need the last segment only.
    initDbStartParams: ['--wal-segsize=1'],
    startParams: [...PGlite.defaultStartParams, '-c', 'wal_recycle=off'],
  });
  // Nothing is ever made from it, and it is a third of the template.
  await database.exec('ALTER DATABASE template0 IS_TEMPLATE false');
  await database.exec('DROP DATABASE template0');
  await database.exec('CHECKPOINT; SELECT pg_switch_wal(); CHECKPOINT');
  const { rows } = await database.query(
    `SELECT pg_walfile_name(pg_current_wal_insert_lsn()) AS segment, split_part(current_setting('server_version'), ' ', 1) AS server`,
  );
  const { segment, server } = /** @type {{ segment: string, server: string }} */ (rows[0]);
  await database.close();

  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => ({ entry, path: relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/') }));
  paths.sort((a, b) => (a.path < b.path ? -1 : 1));
  const index = { server, bytes: 0, folders: /** @type {string[]} */ ([]), files: /** @type {[string, number, number][]} */ ([]) };
  const contents = [];
  /** @type {Map<string, [number, number]>} */
  const places = new Map();
  for (const { entry, path } of paths) {
    if (entry.isDirectory()) index.folders.push(path);
    else if (!/^pg_wal\/[0-9A-F]{24}$/.test(path) || path.endsWith(segment)) {
      const content = await readFile(join(folder, path));
      const hash = createHash('sha256').update(content).digest('hex');
      const place = places.get(hash) ?? [index.bytes, index.bytes + content.length];
      if (!places.has(hash)) {
        contents.push(content);
        places.set(hash, place);
        [, index.bytes] = place;
      }
      index.files.push([path, ...place]);
    }
  }
  await writeFile(join(to, 'template.json'), JSON.stringify(index));
  await writeFile(join(to, 'template.data.br'), brotliCompressSync(Buffer.concat(contents)));
}
