// Child processes that never outlive us and never run without a limit.
import { spawn } from 'node:child_process';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
let guarded = false;

/**
 * Starts a program whose whole process group ends with this process at the latest.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function start(program, args, options = {}) {
  guardExit();
  const child = spawn(program, [...args], { ...options, detached: process.platform !== 'win32' });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/**
 * Ends a program that `start` started, and everything it started itself.
 * @param {import('node:child_process').ChildProcess} child
 */
export function endProcess(child) {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs: number, show?: boolean, onOutput?: (text: string) => void }} options
 *   `show`: output goes straight to the terminal and is not returned.
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} `output`: standard output and error as they came.
 */
export function run(program, args, options) {
  return new Promise((resolve) => {
    const child = start(program, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', ...outputs(options.show)] });
    let output = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      endProcess(child);
    }, options.timeoutMs);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
        options.onOutput?.(text);
      });
    }
    const finish = (code, extra = '') => {
      clearTimeout(timer);
      resolve({ code, output: output + extra, timedOut });
    };
    child.once('error', (error) => finish(127, String(error.message)));
    child.once('close', (code) => finish(timedOut ? 124 : (code ?? 1)));
  });
}

/**
 * Runs npm, wherever it is installed.
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} options
 */
export function runNpm(args, options) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return run(process.execPath, [script, ...args], options);
  return process.platform === 'win32' ? run('cmd.exe', ['/d', '/s', '/c', 'npm', ...args], options) : run('npm', args, options);
}

/**
 * Rejects when the work takes longer.
 * @template T
 * @param {Promise<T>} work
 * @param {number} ms
 * @param {string} what Names the work in the error.
 * @returns {Promise<T>}
 */
export async function within(work, ms, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${Math.round(ms / 1000)} s.`)), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function outputs(show) {
  return show ? /** @type {const} */ (['inherit', 'inherit']) : /** @type {const} */ (['pipe', 'pipe']);
}

function guardExit() {
  if (guarded) return;
  guarded = true;
  process.once('exit', () => running.forEach(endProcess));
  for (const [signal, code] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])) {
    process.once(signal, () => process.exit(code));
  }
}
