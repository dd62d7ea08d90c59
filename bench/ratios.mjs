import { median } from './measure.mjs';

/** How much worse a ratio may be than in the baseline before it is marked. */
const tolerance = 0.15;

/**
 * The medians of a row as multiples of its limit's, to three places.
 * @param {import('./measure.mjs').Samples} samples
 * @param {import('./measure.mjs').Samples} limit
 * @returns {import('./ratios.mjs').Ratios} `cpu` only if both were measured.
 */
export function ratiosOf(samples, limit) {
  const ratio = (/** @type {'wall' | 'cpu'} */ kind) => Number((median(samples[kind]) / median(limit[kind])).toFixed(3));
  const cpu = ratio('cpu');
  return { wall: ratio('wall'), ...(Number.isFinite(cpu) && { cpu }) };
}

/**
 * What is worse than in the baseline.
 * @param {import('./ratios.mjs').Ratios} now
 * @param {import('./ratios.mjs').Ratios | undefined} before
 * @returns {string} e.g. `WORSE: +23 %, CPU +50 %`; `new` without a baseline; empty when nothing is worse.
 */
export function comparison(now, before) {
  if (!before) return 'new';
  const worse = /** @type {const} */ (['wall', 'cpu']).flatMap((kind) => {
    const part = (now[kind] ?? Number.NaN) / (before[kind] ?? Number.NaN) - 1;
    return part > tolerance ? [`${kind === 'cpu' ? 'CPU ' : ''}+${Math.round(part * 100)} %`] : [];
  });
  return worse.length === 0 ? '' : `WORSE: ${worse.join(', ')}`;
}
