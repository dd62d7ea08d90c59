// npm run bench [-- <migrations directory> [runs]]: how long checking takes as whole commands, beside the limit in the same run:
// the same scripts sent to the embedded PostgreSQL one after the other, with nothing looked at.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { example, root } from '../scripts/lib/places.mjs';
import { ensureBuilt } from '../scripts/lib/build.mjs';
import { ensureInstalled } from '../scripts/lib/install.mjs';

const [directory = join(example, 'migrations'), runs = '5'] = process.argv.slice(2);
const cli = join(root, 'dist', 'cli.js');
const limit = join(root, 'bench', 'bare-replay.mjs');

/** @type {Record<string, string[]>} */
const commands = {
  'bare replay (the limit)': [limit, directory],
  'check, static': [cli, 'check', directory, '--no-database'],
  'check, verified, ups only': [cli, 'check', directory, '--no-rehearse'],
  'check, verified, with rollbacks': [cli, 'check', directory],
};

await ensureInstalled();
await ensureBuilt();
/** @type {Record<string, number[]>} */
const seconds = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
for (let round = 0; round <= Number(runs); round++) {
  for (const [name, words] of Object.entries(commands)) {
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', env: { ...process.env, CI: '1' } });
    if (status !== 0 && status !== 1) throw new Error(`${name} ended with ${status}:\n${stderr}`);
    // The first round only warms the file cache.
    if (round > 0) seconds[name]?.push((performance.now() - started) / 1000);
  }
}

const reference = median(seconds['bare replay (the limit)'] ?? []);
console.log(`${directory}, ${runs} runs, wall seconds of whole processes`);
console.log('ratio   median      p95  command');
for (const [name, values] of Object.entries(seconds)) {
  console.log(
    `${(median(values) / reference).toFixed(2).padStart(5)}  ${median(values).toFixed(2).padStart(7)}  ${quantile(values, 0.95).toFixed(2).padStart(7)}  ${name}`,
  );
}

/** @param {number[]} values */
function median(values) {
  return quantile(values, 0.5);
}

/** @param {number[]} values @param {number} part */
function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
