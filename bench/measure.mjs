// What every benchmark shares: runs of whole commands, and figures of runs.
import { spawnSync } from 'node:child_process';

/** @param {readonly number[]} values @param {number} part Between 0 and 1. */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** @param {readonly number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * Prints a table, the ratio to the reference first.
 * @param {string} title
 * @param {Record<string, readonly number[]>} rows
 * @param {string} reference The row that the ratios are of.
 */
export function report(title, rows, reference) {
  const limit = median(rows[reference] ?? []);
  console.log(`\n${title}`);
  console.log('  ratio   median      p95  runs  what');
  for (const [name, values] of Object.entries(rows)) {
    const figures = [median(values) / limit, median(values), quantile(values, 0.95)].map((value) => value.toFixed(2).padStart(7));
    console.log(`${figures.join('  ')}  ${String(values.length).padStart(4)}  ${name}`);
  }
}

/**
 * Runs commands in turns, so that what else the machine does hits all of them; the first round only warms the file cache.
 * @param {Record<string, { command: string, words: readonly string[], cwd?: string, codes?: readonly number[], most?: number }>} commands `most`: how often at the most.
 * @param {number} runs
 * @returns {Record<string, number[]>} Wall seconds.
 */
export function timeCommands(commands, runs) {
  /** @type {Record<string, number[]>} */
  const seconds = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round <= runs; round++) {
    for (const [name, { command, words, cwd, codes = [0, 1], most = Infinity }] of Object.entries(commands)) {
      if ((seconds[name]?.length ?? 0) >= most) continue;
      const started = performance.now();
      const { status, stderr, error } = spawnSync(command, words, {
        cwd,
        encoding: 'utf8',
        env: { ...process.env, CI: '1' },
        maxBuffer: 1 << 28,
      });
      if (error || !codes.includes(status ?? -1)) throw new Error(`${name} ended with ${status}: ${error?.message ?? stderr}`);
      if (round > 0) seconds[name]?.push((performance.now() - started) / 1000);
    }
  }
  return seconds;
}
