// npm run bench:graph [-- <runs> [releases]]: how long the graph of releases and the checks of a manifest take for a manifest with 2,000
// releases and about 10,000 upgrades between them: ranges with gaps, stops, risks, channels, yanked releases, formats, ways back.
// Exits with 1 when all checks of the manifest, or any way, take 200 ms or longer in the middle of the runs.
import { ensureInstalled } from '../scripts/lib/install.mjs';
import { bundled } from './bundle.mjs';
import { median, quantile, report } from './measure.mjs';

const [runs = 30, count = 2000] = process.argv.slice(2).map(Number);
const limitMs = 200;
await ensureInstalled();
const { checks, parseManifest, releaseGraph, runChecks } =
  await bundled(`export { checks } from './engine/checking/checks/registry/index'; export { runChecks } from './engine/checking/checks/runner/run-checks';
export { parseManifest } from './engine/inputs/manifest/parse'; export { releaseGraph } from './engine/inputs/releases/graph';`);
const random = generator(20_261_123);

const text = manifestText(count);
/** @type {Record<string, number[]>} */
const times = {};
let document = timed('parse (not counted)', () => parseManifest('/project/upgrade.yaml', text));
if (document.problems.length > 0) throw new Error(document.problems[0].message);
const versions = document.manifest.releases.map((/** @type {{ version: string }} */ release) => release.version);
const manifestChecks = checks.filter((/** @type {{ group: string }} */ { group }) => group === 'manifest');
const pairs = Array.from({ length: 200 }, () => [Math.floor(random() * count), Math.floor(random() * count)].sort((a, b) => a - b));
/** @type {readonly { id: string }[]} */
let findings = [];
let ways = 0;

for (let run = 0; run <= runs; run++) {
  // A graph is kept with its manifest, so that each run needs a manifest of its own.
  const fresh = () => ({ ...document.manifest });
  if (run === 1) for (const name of Object.keys(times)) times[name] = [];
  document = run < 3 ? timed('parse (not counted)', () => parseManifest('/project/upgrade.yaml', text)) : document;
  const graph = timed('graph build', () => releaseGraph(fresh()));
  const context = {
    manifest: { ...document, manifest: fresh() },
    directory: undefined,
    chain: [],
    minimum: 15,
    completeHistory: true,
    statistics: undefined,
  };
  context.manifest.rangeOf = document.rangeOf.bind(document);
  findings = timed('all manifest checks, with a graph of their own', () => runChecks(context, manifestChecks));
  for (const check of manifestChecks) timed(`the check ${check.id}`, () => runChecks(context, [check]));
  ways = 0;
  for (const [a = 0, b = 0] of pairs) {
    const outcome = timed('one way of 200', () => graph.path(versions[a], versions[b], { accept: ['Risk0', 'Risk1'] }));
    if (outcome.ok) ways++;
  }
  timed('the longest way in a channel', () => graph.path(versions[0], versions.at(-1), { channel: 'stable' }));
  timed('stranded', () => graph.stranded());
  timed('unreachable', () => graph.unreachable());
  timed('passed stops', () => graph.passedStops());
  timed('how far back, from the newest', () => graph.downgradeFloor(versions.at(-1)));
}

const graph = releaseGraph(document.manifest);
const edges = versions.reduce((/** @type {number} */ sum, /** @type {string} */ version) => sum + graph.sourcesOf(version).length, 0);
const { stops, risks, releases } = document.manifest;
const yanked = releases.filter((/** @type {{ yanked?: string }} */ release) => release.yanked !== undefined).length;
console.log(
  `${count} releases, ${edges} upgrades, ${stops.length} stops, ${risks.length} risks, ${yanked} yanked; ${(text.length / 1e3).toFixed(0)} thousand characters`,
);
console.log(`${manifestChecks.length} checks, ${findings.length} findings; ${ways} of ${pairs.length} ways exist`);
const isCheck = (/** @type {string} */ name) => name.startsWith('the check ');
const slowest = Object.entries(times)
  .filter(([name]) => isCheck(name))
  .sort(([, a], [, b]) => median(b) - median(a));
const others = Object.entries(times).filter(([name]) => !isCheck(name));
report('milliseconds; of single checks the slowest', Object.fromEntries([...others, ...slowest.slice(0, 5)]), 'graph build');
const slow = Object.entries(times).filter(([name, values]) => !name.startsWith('parse') && median(values) >= limitMs);
const longest = quantile(times['one way of 200'] ?? [], 1);
console.log(`\nthe longest way took ${longest.toFixed(1)} ms`);
for (const [name, values] of slow) console.error(`${name} takes ${median(values).toFixed(0)} ms, ${limitMs} ms are allowed`);
process.exitCode = slow.length > 0 ? 1 : 0;

/**
 * @template T
 * @param {string} name
 * @param {() => T} work
 */
function timed(name, work) {
  const started = performance.now();
  const value = work();
  (times[name] ??= []).push(performance.now() - started);
  return value;
}

/**
 * Releases in trains of ten patches and a hundred minors; each may come from about five before it.
 * @param {number} size
 */
function manifestText(size) {
  const versionAt = (/** @type {number} */ index) => `${1 + Math.floor(index / 100)}.${Math.floor((index % 100) / 10)}.${index % 10}`;
  const channels = ['nightly', 'candidate', 'stable'];
  const lines = ['manifest: 1', 'system: large', 'window: 2', `channels: [${channels.join(', ')}]`, 'releases:'];
  const stops = [];
  const isYanked = (/** @type {number} */ index) => index % 37 === 20;
  for (let index = 0; index < size; index++) {
    const first = Math.max(0, index - 6);
    const gap = versionAt(Math.max(0, index - 3 - Math.floor(random() * 3)));
    const isStop = index % 150 === 149;
    lines.push(`  - version: ${versionAt(index)}`);
    if (index > 0) lines.push(`    from: ">=${versionAt(first)} <${gap} || >${gap} <${versionAt(index)}"`);
    if (random() < 0.5) lines.push(`    channels: [${channels[Math.floor(random() * 3)]}]`);
    if (isStop) stops.push(versionAt(index));
    else if (isYanked(index)) lines.push('    yanked: It was built from the wrong branch');
    if (index % 11 === 5) lines.push('    rollback: restore');
    else if (index % 97 === 50) lines.push('    rollback: { none: The keys are gone }');
    if (index % 20 === 10) lines.push(`    downgrade: ${versionAt(Math.max(0, index - 3))}`);
    const writes = Math.floor(index / 250);
    lines.push('    formats:');
    for (const name of ['wave', 'field']) {
      lines.push(
        `      ${name}: { writes: ${writes}, reads: [${[...new Set([Math.max(0, writes - 1), writes, writes + 1])].join(', ')}] }`,
      );
    }
    lines.push(`    features: { search: ${index < size / 2 ? 'preview' : 'stable'} }`, '    requires: { postgresql: ">=15" }');
    const phase = index % 5 === 4 ? 'contract' : 'expand';
    lines.push(`    migrations: [{ id: m${index}, phase: ${phase}, transform: { table: t, key: id, set: { a: b }, undo: { a: b } } }]`);
  }
  lines.push(`stops: [${stops.join(', ')}]`, 'risks:');
  for (let index = 0; index < 200; index++) {
    const place = Math.floor(random() * (size - 20));
    lines.push(
      `  - name: Risk${index}`,
      `    from: ">=${versionAt(place)} <${versionAt(place + 4)}"`,
      `    to: ">=${versionAt(place + 2)} <${versionAt(place + 6)}"`,
      '    message: Rows are written twice',
      index % 2 === 0 ? `    fixedIn: ${versionAt(place + 5)}` : '    url: https://example.org/risk',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Numbers between 0 and 1, the same in every run. @param {number} seed */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
