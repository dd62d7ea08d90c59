// npm run truth -- <checkout> [<checkout> ...] [--layout NAME] [--major N] [--limit N] [--only <migration>] [--known FILE] [--json FILE]:
// what migrations do up, down and up again on a real PostgreSQL server, and what the embedded engine says of it. See docs/truth.md.
// Ends with 1 when they disagree and nothing explains it.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/places.mjs';
import { postgresqlMajors } from './lib/postgresql-majors.mjs';
import { runTestProgram } from './lib/test-program.mjs';

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

// What results follow from; engine/databases/postgresql/shadow has what is never sent to a server, and the engine's rows.
const folders = ['test/truth/server', 'engine/databases/postgresql/shadow'];
const isMeasuring = (/** @type {string} */ path) =>
  path.startsWith('test/') ? !path.endsWith('seed-as-engine.ts') : path.endsWith('/refusal.ts');

await runTestProgram('truth', ({ main, worker, assets }) =>
  main({
    paths: positionals,
    layout: values.layout ?? 'auto',
    major,
    version,
    limit: values.limit === undefined ? undefined : Number(values.limit),
    only: values.only,
    json: values.json,
    known: values.known ?? join(root, 'test', 'truth', 'known.json'),
    cache: join(root, 'node_modules', '.cache', 'truth'),
    sources: { own: hashOf(folders, isMeasuring), asEngine: hashOf(folders, (path) => isMeasuring(path) || /\/seed-/.test(path)) },
    worker,
    assets,
    print: (/** @type {string} */ line) => console.log(line),
    progress: (/** @type {string} */ line) => void (process.stderr.isTTY && process.stderr.write(`\r${line}\x1b[K`)),
  }),
);

/** @param {readonly string[]} folders @param {(path: string) => boolean} belongs @returns {string} */
function hashOf(folders, belongs) {
  const hash = createHash('sha256');
  const names = folders.flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)).sort();
  for (const path of names) if (belongs(path) && !path.endsWith('.test.ts')) hash.update(path).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}
