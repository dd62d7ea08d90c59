// Sends every up script of a directory to an embedded PostgreSQL, in order of the paths, and looks at nothing.
import { MemoryFS, PGlite } from '@electric-sql/pglite';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { root } from '../scripts/lib/places.mjs';

const [directory = '.'] = process.argv.slice(2);
const assets = join(root, 'dist', 'pglite');
/** @type {{ folders: string[]; files: [string, number, number][] }} */
const index = JSON.parse(await readFile(join(assets, 'template.json'), 'utf8'));
const template = brotliDecompressSync(await readFile(join(assets, 'template.data.br')));

class TemplateFiles extends MemoryFS {
  /** @override */
  async initialSyncFs() {
    const { FS } = /** @type {PGlite} */ (this.pg).Module;
    for (const path of ['', ...index.folders]) FS.mkdir(`${PGlite.paths.PGDATA}/${path}`);
    for (const [path, start, end] of index.files) FS.writeFile(`${PGlite.paths.PGDATA}/${path}`, template.subarray(start, end));
  }
}
const paths = (await readdir(directory, { recursive: true })).filter((path) => /(^|[\\/.])up\.sql$/.test(path)).sort(byVersion);
const scripts = await Promise.all(paths.map((path) => readFile(join(directory, path), 'utf8')));
const names = new Set(
  scripts.flatMap((text) =>
    [...text.matchAll(/create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)/gi)].map((match) => match[1] ?? ''),
  ),
);
const extensions = Object.fromEntries(
  [...names].map((name) => {
    const bundlePath = pathToFileURL(join(assets, 'extensions', `${name}.tar.gz`));
    return [name, { name, setup: async () => ({ bundlePath }) }];
  }),
);
const database = await PGlite.create({ fs: new TemplateFiles(), extensions });
let failed = 0;
for (const script of scripts) {
  await database.exec(script).catch(() => failed++);
}
await database.close();
console.log(`${scripts.length} scripts, ${failed} failed`);

/** @param {string} a @param {string} b */
function byVersion(a, b) {
  const [left, right] = [a, b].map((path) => path.replaceAll('-', ''));
  return (left ?? '') < (right ?? '') ? -1 : 1;
}
