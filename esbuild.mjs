// Bundles the extension, the language server, the command line and the shadow worker into dist/,
// and lays their WebAssembly assets beside them. `--watch` rebuilds on change; `--production` minifies.
import { build, context } from 'esbuild';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const dist = join(root, 'dist');

/** Counts up when the template of the embedded database is made in another way. */
const templateVersion = 2;

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
  const { PGlite } = await import('@electric-sql/pglite');
  const database = await PGlite.create();
  // Nothing is ever made from it, and it is a third of the template.
  await database.exec('ALTER DATABASE template0 IS_TEMPLATE false');
  await database.exec('DROP DATABASE template0');
  await database.exec('CHECKPOINT');
  const template = await database.dumpDataDir('none');
  await database.close();
  await writeFile(join(to, 'template.tar.gz'), gzipSync(Buffer.from(await template.arrayBuffer()), { level: 9 }));
  await writeFile(stamp, made);
}
