// npm run bench:apis -- <older> <newer> [sample]: how long reading and comparing two descriptions of an API takes, how much memory it
// needs, and how many changes there are by impact. With a number at the end, so many changes are shown, spread evenly.
import { resolve } from 'node:path';
import { ensureInstalled } from '../scripts/lib/install.mjs';
import { bundled } from './bundle.mjs';

const [older = '', newer = '', sample = '0'] = process.argv.slice(2);
if (newer === '') {
  console.error('Two descriptions are needed: npm run bench:apis -- <older> <newer> [sample]');
  process.exit(2);
}
await ensureInstalled();
const { apiFormatOf, nodeFiles, LineIndex } = await bundled(
  `export { apiFormatOf } from './engine/checking/compatibility/apis'; export * from './engine/host/node-files'; export { LineIndex } from './engine/core/text';`,
);

const files = nodeFiles();
const [oldPath, newPath] = [older, newer].map((path) => resolve(path).replaceAll('\\', '/'));
const text = await files.readText(newPath);
const format = apiFormatOf(newPath, text);
if (!format) throw new Error(`${newPath} is no description of an API.`);
let peak = 0;
const watch = setInterval(measure, 5);

const started = performance.now();
const startedCpu = cpuSeconds();
const before = valueOf(await format.read(oldPath, files));
const after = valueOf(await format.read(newPath, files));
const read = performance.now();
const readCpu = cpuSeconds();
measure();
const today = new Date().toISOString().slice(0, 10);
const changes = valueOf(await format.compare(before, after, { today, deprecationDays: 0, compatibility: 'backward' }));
const compared = performance.now();
const comparedCpu = cpuSeconds();
measure();
clearInterval(watch);

const bytes = [before, after].map(({ sources }) => [...sources.values()].reduce((sum, source) => sum + source.length, 0) / 1e6);
console.log(`${format.kind}: ${bytes.map((size) => size.toFixed(2)).join(' and ')} million characters in ${after.sources.size} files`);
for (const impact of ['breaking', 'risky', 'addition', 'neutral']) {
  console.log(`${String(changes.filter((change) => change.impact === impact).length).padStart(8)}  ${impact}`);
}
console.log(
  `${((read - started) / 1000).toFixed(2).padStart(8)}  seconds to read both (${(readCpu - startedCpu).toFixed(2)} of the processor)`,
);
console.log(
  `${((compared - read) / 1000).toFixed(2).padStart(8)}  seconds to compare them (${(comparedCpu - readCpu).toFixed(2)} of the processor)`,
);
console.log(
  `${Math.round(peak / 2 ** 20)
    .toString()
    .padStart(8)}  megabytes resident at most`,
);
show(Number(sample));

/** What the whole process used, which other processes on the machine do not change. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function measure() {
  peak = Math.max(peak, process.memoryUsage.rss(), process.resourceUsage().maxRSS * 1024);
}

/** @param {{ ok: boolean, value?: any, problem?: any }} outcome */
function valueOf(outcome) {
  if (!outcome.ok)
    throw new Error(`${outcome.problem.code}: ${outcome.problem.message} ${outcome.problem.file ?? ''}:${outcome.problem.line ?? ''}`);
  return outcome.value;
}

/** @param {number} count */
function show(count) {
  const indexes = new Map();
  const at = ({ file, range }, sources) => {
    if (!indexes.has(sources)) indexes.set(sources, new Map());
    const known = indexes.get(sources);
    if (!known.has(file)) known.set(file, new LineIndex(sources.get(file) ?? ''));
    return `${file}:${known.get(file).positionAt(range.start).line + 1}`;
  };
  const shown = Math.min(count, changes.length);
  for (let index = 0; index < shown; index++) {
    const change = changes[Math.floor((index * changes.length) / shown)];
    console.log(`\n${change.impact} ${change.id}\n  ${change.message}\n  ${change.details ?? ''}\n  ${at(change.place, after.sources)}`);
    if (change.before) console.log(`  before: ${at(change.before, before.sources)}`);
  }
}
