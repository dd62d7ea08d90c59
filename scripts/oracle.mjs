// npm run oracle [-- 15 18]: what statements really do, on the embedded engine and on every major of PostgreSQL, against the
// reference in test/oracle. Ends with 1 when something differs for no known reason.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { root } from './lib/places.mjs';
import { postgresqlMajors } from './lib/postgresql-majors.mjs';

const known = Object.keys(postgresqlMajors).map(Number);
const asked = process.argv.slice(2).map(Number);
const unknown = asked.filter((major) => !known.includes(major));
if (unknown.length > 0) {
  console.error(`npm run oracle [-- MAJOR ...], where MAJOR is one of ${known.join(', ')}.`);
  process.exit(2);
}

await ensureInstalled();
await ensureBuilt();
const { reportOracle } = await import(pathToFileURL(await bundle()).href);
const differences = await reportOracle({
  majors: asked.length > 0 ? asked : known,
  dist: join(root, 'dist'),
  print: (line) => console.log(line),
});
process.exit(differences > 0 ? 1 : 0);

/** @returns {Promise<string>} The path of the module that was made of the oracle's sources. */
async function bundle() {
  const { build } = await import('esbuild');
  // Inside node_modules, so that the packages that stay outside of the bundle are found.
  const outfile = join(root, 'node_modules', '.cache', 'oracle', 'report.mjs');
  await build({
    entryPoints: [join(root, 'test/oracle/report.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}
