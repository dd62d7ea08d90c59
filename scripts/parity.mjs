// npm run parity -- <folders>: whether the language server and the command line say the same of folders, finding by finding.
import { build } from 'esbuild';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { example, root } from './lib/places.mjs';

await ensureInstalled();
await ensureBuilt();
const outfile = join(root, 'test-results', `parity-${process.pid}.mjs`);
try {
  await build({
    entryPoints: [join(root, 'test', 'parity', 'main.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    absWorkingDir: root,
  });
  const { main } = await import(pathToFileURL(outfile).href);
  const folders = process.argv.slice(2);
  process.exitCode = await main(folders.length > 0 ? folders : [example], join(root, 'dist'), (/** @type {string} */ text) =>
    process.stdout.write(text),
  );
} finally {
  await rm(outfile, { force: true });
}
