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

const entries = {
  client: 'client/extension.ts',
  server: 'server/node-main.ts',
  cli: 'cli/node-main.ts',
  'shadow-worker': 'engine/databases/postgresql/shadow/worker-main.ts',
  graphql: 'engine/checking/compatibility/apis/graphql/library.ts',
};

/** Server and command line load the GraphQL libraries from a bundle that they share. */
const sharedGraphql = {
  name: 'shared-graphql',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^\.\/library$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './graphql.js', external: true } : undefined,
    );
  },
};

await mkdir(dist, { recursive: true });
await copyAssets();

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: production ? false : 'linked',
  minify: production,
  legalComments: 'none',
  logLevel: 'warning',
  outdir: dist,
  absWorkingDir: root,
  // The bundled libraries locate their assets through import.meta.url, which CommonJS lacks.
  define: { 'import.meta.url': '__moduleUrl' },
  banner: { js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  external: ['vscode', 'pg-native'],
  mainFields: ['module', 'main'],
  plugins: [sharedGraphql],
};

const existing = Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(join(root, path))));
const options = { ...common, entryPoints: existing };
if (watch) {
  const running = await context({
    ...options,
    logLevel: 'info',
    plugins: [
      sharedGraphql,
      {
        name: 'watch-messages',
        setup(b) {
          // The wording that the watch task in .vscode/tasks.json waits for.
          b.onStart(() => console.log('[watch] build started'));
          b.onEnd(() => console.log('[watch] build finished'));
        },
      },
    ],
  });
  await running.watch();
} else {
  await build(options);
  for (const program of ['cli.js', 'server.js']) if (existsSync(join(dist, program))) await chmod(join(dist, program), 0o755);
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
