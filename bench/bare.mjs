// The limit: opens the embedded PostgreSQL as the product does and sends it scripts, with nothing looked at.
// node bench/bare.mjs <bundle of the engine> [--data <folder>] [--times <n>] [<migrations directory>]
// With --times, the newest script is sent so many times with another comment at its end, and rolled back each time.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/places.mjs';
import { upScripts } from './up-scripts.mjs';

const {
  values: { data, times },
  positionals: [bundle = '', directory],
} = parseArgs({
  options: { data: { type: 'string' }, times: { type: 'string', default: '0' } },
  allowPositionals: true,
});
const { openEmbedded, DiskFiles, MemoryFiles, readTemplate } = await import(pathToFileURL(bundle).href);
const assets = join(root, 'dist', 'pglite');
const scripts = directory === undefined ? [] : upScripts(directory).map((path) => readFileSync(path, 'utf8'));
const created = scripts.flatMap((text) => [...text.matchAll(/create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)/gi)]);
const typedInto = Number(times) > 0 ? scripts.pop() : undefined;
const database = await openEmbedded({
  assets,
  data: data === undefined ? new MemoryFiles(await readTemplate(assets)) : new DiskFiles(data),
  extensions: [...new Set(created.map((match) => match[1]))],
  ...(data === undefined && {
    configuration: ['shared_buffers=8MB', 'max_connections=5', 'synchronous_commit=off', 'full_page_writes=off'],
  }),
});
let failed = 0;
for (const script of scripts) {
  await database.exec(script).catch(() => failed++);
}
const milliseconds = [];
for (let time = 0; time < Number(times); time++) {
  const started = performance.now();
  await database.exec(`BEGIN;${typedInto}\nCOMMENT ON SCHEMA public IS '${time}'`).catch(() => failed++);
  milliseconds.push(performance.now() - started);
  await database.exec('ROLLBACK');
}
await database.close();
console.log(JSON.stringify({ scripts: scripts.length, failed, milliseconds }));
