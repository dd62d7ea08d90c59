// Sends every up script of a directory to an embedded PostgreSQL, in order of the paths, and looks at nothing.
import { PGlite } from '@electric-sql/pglite';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../scripts/lib/places.mjs';

const [directory = '.'] = process.argv.slice(2);
const template = new Blob([await readFile(join(root, 'dist', 'pglite', 'template.tar.gz'))]);
const paths = (await readdir(directory, { recursive: true })).filter((path) => /(^|[\\/.])up\.sql$/.test(path)).sort(byVersion);
const scripts = await Promise.all(paths.map((path) => readFile(join(directory, path), 'utf8')));
const names = new Set(
  scripts.flatMap((text) =>
    [...text.matchAll(/create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)/gi)].map((match) => match[1] ?? ''),
  ),
);
const extensions = Object.fromEntries(
  [...names].map((name) => {
    const bundlePath = pathToFileURL(join(root, 'dist', 'pglite', 'extensions', `${name}.tar.gz`));
    return [name, { name, setup: async () => ({ bundlePath }) }];
  }),
);
const database = await PGlite.create({ loadDataDir: template, extensions });
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
