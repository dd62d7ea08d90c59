// What every benchmark shares: runs of whole commands, and figures of runs.
import { spawnSync } from 'node:child_process';

/**
 * @typedef {object} Command
 * @property {string} command
 * @property {readonly string[]} words
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [findsProblems] Whether exit code 1 is an answer: there are findings.
 *
 * @typedef {{ wall: number, cpu?: number }} Sample `wall` in the unit of the row; `cpu` in seconds, of the whole process with what it
 *   started, unless the system does not tell.
 * @typedef {{ wall: number[], cpu: number[] }} Samples
 */

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
 * Measures several things in turns, so that what else the machine does hits all of them.
 * @param {Record<string, () => Sample | Promise<Sample>>} things
 * @param {number} runs
 * @returns {Promise<Record<string, Samples>>}
 */
export async function inTurns(things, runs) {
  /** @type {Record<string, Samples>} */
  const samples = Object.fromEntries(Object.keys(things).map((name) => [name, { wall: [], cpu: [] }]));
  for (let run = 0; run < runs; run++) {
    for (const [name, measure] of Object.entries(things)) {
      const { wall, cpu } = await measure();
      samples[name]?.wall.push(wall);
      if (cpu !== undefined) samples[name]?.cpu.push(cpu);
    }
  }
  return samples;
}

/**
 * Times commands in turns, after a run of each that only warms the caches.
 * @param {Record<string, Command>} commands
 * @param {number} runs
 * @returns {Promise<Record<string, Samples>>} Seconds.
 */
export function timeCommands(commands, runs) {
  for (const command of Object.values(commands)) timeCommand(command);
  return inTurns(Object.fromEntries(Object.entries(commands).map(([name, command]) => [name, () => timeCommand(command)])), runs);
}

/**
 * Runs a command to its end.
 * @param {Command} command
 * @returns {Sample} Seconds.
 * @throws Error when the command cannot be run or fails.
 */
export function timeCommand({ command, words, cwd, env, findsProblems }) {
  const hasBash = process.platform !== 'win32';
  const started = performance.now();
  const timed = hasBash ? ['bash', '-c', `LC_ALL=C TIMEFORMAT='%3R %3U %3S'; time "$@"`, 'time', command, ...words] : [command, ...words];
  const { status, stderr, error } = spawnSync(timed[0] ?? '', timed.slice(1), {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, CI: '1', MEM8_CACHE: 'off', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 28,
  });
  if (error || !(status === 0 || (status === 1 && findsProblems)))
    throw new Error(`${command} ended with ${status}: ${error?.message ?? stderr}`);
  if (!hasBash) return { wall: (performance.now() - started) / 1000 };
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = stderr.trimEnd().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return { wall, cpu: user + system };
}

/** Resident megabytes that a program of Node.js has at the most. @param {Command} command */
export function peakMb({ command, words, cwd, env, findsProblems }) {
  const watch = 'data:text/javascript,process.on("exit",()=>console.error(process.resourceUsage().maxRSS))';
  const { status, stderr } = spawnSync(command, ['--import', watch, ...words], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, CI: '1', MEM8_CACHE: 'off', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (!(status === 0 || (status === 1 && findsProblems))) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return Number(stderr.trimEnd().split('\n').at(-1)) / 1024;
}
