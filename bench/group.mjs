// What the rows of the table share.
import { join } from 'node:path';
import { root } from '../scripts/lib/places.mjs';
import { bundle } from './bundle.mjs';

/**
 * @typedef {object} Context
 * @property {number} runs
 * @property {number} keystrokes
 * @property {string} history A migrations directory.
 * @property {string} temporary A folder for what rows need; each takes names of its own in it.
 * @property {boolean} isLong Whether rows that take many minutes are wanted.
 *
 * @typedef {object} Group Rows that are measured in turns, beside the limit or peer that their ratios are of.
 * @property {string} name
 * @property {'s' | 'ms' | 'MB'} unit
 * @property {string} limit
 * @property {readonly string[]} rows
 * @property {(context: Context, wanted: (row: string) => boolean) => Promise<Record<string, import('./measure.mjs').Samples>>} measure
 *   Figures of the limit and of at least the wanted rows.
 */

/**
 * The command line as it is built.
 * @param {readonly string[]} words
 * @param {{ cwd?: string, cache?: string }} [options] `cache`: the folder for results of replays; none by default.
 * @returns {import('./measure.mjs').Command}
 */
export function product(words, { cwd, cache = 'off' } = {}) {
  return {
    command: process.execPath,
    words: [join(root, 'dist', 'cli.js'), ...words],
    cwd,
    env: { MEM8_CACHE: cache },
    findsProblems: true,
  };
}

/** @type {Promise<string> | undefined} */
let engine;

/** The limit: see bare.mjs. @param {readonly string[]} words @returns {Promise<import('./measure.mjs').Command>} */
export async function bare(...words) {
  engine ??= bundle(
    ['embedded', 'disk-files', 'memory-files', 'template']
      .map((name) => `export * from './engine/databases/postgresql/embedded/${name}';`)
      .join('\n'),
    'bare',
  );
  return { command: process.execPath, words: [join(root, 'bench', 'bare.mjs'), await engine, ...words] };
}

/**
 * @template T
 * @param {Record<string, T>} all
 * @param {(name: string) => boolean} wanted
 * @returns {Record<string, T>}
 */
export function pick(all, wanted) {
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted(name)));
}
