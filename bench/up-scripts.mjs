import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of the up scripts of a directory, in the order of their versions. @param {string} directory */
export function upScripts(directory) {
  const scripts = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.sql'));
  const named = scripts.filter((path) => /(^|[\\/._])up\.sql$/.test(path));
  return (named.length > 0 ? named : scripts)
    .sort((a, b) => (a.replaceAll('-', '') < b.replaceAll('-', '') ? -1 : 1))
    .map((path) => join(directory, path));
}
