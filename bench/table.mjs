// npm run bench [-- <migrations directory>] [--only <text>] [--runs <n>] [--save]: every figure of docs/performance.md in one table, each
// beside its limit or peer in the same run, and what is worse than in baseline.json. A report: it fails only when a row cannot be measured.
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../scripts/lib/build.mjs';
import { ensureInstalled } from '../scripts/lib/install.mjs';
import { temporaryFolder } from '../scripts/lib/temporary.mjs';
import { writeHistory } from './history.mjs';
import { median, quantile } from './measure.mjs';
import { comparison, ratiosOf } from './ratios.mjs';
import { editor } from './rows/editor.mjs';
import { memory } from './rows/memory.mjs';
import { replay } from './rows/replay.mjs';
import { size } from './rows/size.mjs';
import { start } from './rows/start.mjs';
import { withoutDatabase } from './rows/static.mjs';
import { target } from './rows/target.mjs';

const groups = [...start, target, withoutDatabase, replay, ...editor, memory, size];
const {
  values: { only = [], runs, save },
  positionals: [directory],
} = parseArgs({
  options: { only: { type: 'string', multiple: true }, runs: { type: 'string' }, save: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (save && directory !== undefined) throw new Error('The baseline is of the generated history: leave the directory out, or --save.');

await ensureInstalled();
await ensureBuilt();
const { path: temporary, remove } = await temporaryFolder('mem8-bench-');
const history = directory === undefined ? `${temporary}/history` : resolve(directory);
if (directory === undefined) writeHistory(history);
const context = {
  runs: Number(runs ?? 10),
  keystrokes: Number(runs ?? 30),
  history,
  temporary,
  isLong: only.includes('memory'),
};
const baselineFile = new URL('baseline.json', import.meta.url);
/** @type {Record<string, import('./ratios.mjs').Ratios>} */
const baseline = JSON.parse(await readFile(baselineFile, 'utf8'));
/** @type {Record<string, import('./ratios.mjs').Ratios>} */
const measured = {};

print('ratio', 'CPU ratio', 'what', 'median', 'p95', 'CPU', 'runs', directory === undefined ? 'baseline' : '');
print('----:', '----:', '---', '----:', '----:', '----:', '----:', '---');
for (const group of groups) {
  const asked = (/** @type {string} */ row) =>
    only.length === 0 || only.some((text) => `${group.name}: ${row}`.toLowerCase().includes(text.toLowerCase()));
  if (!group.rows.some(asked)) continue;
  const figures = await group.measure(context, (row) => row === group.limit || asked(row));
  for (const row of [group.limit, ...group.rows]) if (figures[row]) show(group, row, figures);
}
// Rows that were not measured keep their ratios.
if (save) await writeFile(baselineFile, `${JSON.stringify({ ...baseline, ...measured }, null, 2)}\n`);
await remove();

/**
 * @param {import('./group.mjs').Group} group
 * @param {string} row
 * @param {Record<string, import('./measure.mjs').Samples>} figures
 */
function show({ limit, unit }, row, figures) {
  const { wall, cpu } = figures[row];
  const ratios = ratiosOf(figures[row], figures[limit]);
  if (row !== limit) measured[row] = ratios;
  const compared = row === limit || directory !== undefined ? '' : comparison(ratios, baseline[row]);
  const digits = unit === 's' ? 2 : 1;
  const [middle, most] = [median(wall), quantile(wall, 0.95)].map((value) => `${value.toFixed(digits)} ${unit}`);
  const ratio = (/** @type {number | undefined} */ value) => value?.toFixed(2) ?? '';
  print(
    ratio(ratios.wall),
    ratio(ratios.cpu),
    row,
    middle,
    most,
    cpu.length > 0 ? `${median(cpu).toFixed(2)} s` : '',
    wall.length,
    compared,
  );
}

/** @param {...(string | number)} cells Of a row in Markdown. */
function print(...cells) {
  const widths = [6, 9, 50, 9, 9, 8, 4, 0];
  const padded = cells.map((cell, index) => (index === 2 ? String(cell).padEnd(widths[index]) : String(cell).padStart(widths[index])));
  console.log(`| ${padded.join(' | ')} |`);
}
