// The ratios of an earlier run, kept in baseline.json, and how the ratios of this run compare with them.
import { readFile, writeFile } from 'node:fs/promises';
import { median } from './measure.mjs';

/** @typedef {{ wall: number, cpu?: number }} Ratios To the limit of the same run. */

const file = new URL('baseline.json', import.meta.url);

/** How much worse a ratio may be than in the baseline before it is marked. */
const tolerance = 0.15;

/** @returns {Promise<Record<string, Ratios>>} By row; empty when there is no baseline yet. */
export async function readBaseline() {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return JSON.parse(text);
}

/** Replaces the rows that were measured and keeps the others. @param {Record<string, Ratios>} measured */
export async function saveBaseline(measured) {
  await writeFile(file, `${JSON.stringify({ ...(await readBaseline()), ...measured }, null, 2)}\n`);
}

/**
 * The medians of a row as multiples of its limit's, to three places.
 * @param {import('./measure.mjs').Samples} samples
 * @param {import('./measure.mjs').Samples} limit
 * @returns {Ratios}
 */
export function ratiosOf(samples, limit) {
  const ratio = (/** @type {'wall' | 'cpu'} */ kind) => Number((median(samples[kind]) / median(limit[kind])).toFixed(3));
  const cpu = ratio('cpu');
  return { wall: ratio('wall'), ...(Number.isFinite(cpu) && { cpu }) };
}

/**
 * What is worse than in the baseline.
 * @param {Ratios} now
 * @param {Ratios | undefined} before
 * @returns {string} e.g. `WORSE: wall +23 %`; `new` without a baseline; empty when nothing is worse.
 */
export function comparison(now, before) {
  if (!before) return 'new';
  const worse = /** @type {const} */ (['wall', 'cpu']).flatMap((kind) => {
    const part = (now[kind] ?? Number.NaN) / (before[kind] ?? Number.NaN) - 1;
    return part > tolerance ? [`${kind === 'cpu' ? 'CPU' : kind} +${Math.round(part * 100)} %`] : [];
  });
  return worse.length === 0 ? '' : `WORSE: ${worse.join(', ')}`;
}
