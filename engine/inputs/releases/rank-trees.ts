import type { Interval } from './releases';

/** Numbers by position, all Infinity at first, with the smallest of an interval in logarithmic time (a segment tree). */
export class MinimumByRank {
  readonly #leaves: number;
  readonly #values: Float64Array;

  constructor(count: number) {
    this.#leaves = Math.max(1, count);
    this.#values = new Float64Array(2 * this.#leaves).fill(Infinity);
  }

  set(rank: number, value: number): void {
    let at = rank + this.#leaves;
    this.#values[at] = value;
    for (at >>= 1; at >= 1; at >>= 1) this.#values[at] = Math.min(this.#values[2 * at]!, this.#values[2 * at + 1]!);
  }

  minimum(intervals: readonly Interval[]): number {
    let best = Infinity;
    for (const { low, high } of intervals) {
      let left = low + this.#leaves;
      let right = high + this.#leaves + 1;
      for (; left < right; left >>= 1, right >>= 1) {
        if (left & 1) best = Math.min(best, this.#values[left++]!);
        if (right & 1) best = Math.min(best, this.#values[--right]!);
      }
    }
    return best;
  }
}

/** How many intervals cover a position, with logarithmic updates (a Fenwick tree over differences). */
export class CoverCount {
  readonly #sums: Int32Array;

  constructor(count: number) {
    this.#sums = new Int32Array(count + 2);
  }

  add(intervals: readonly Interval[], weight: number): void {
    for (const { low, high } of intervals) {
      this.#change(low, weight);
      this.#change(high + 1, -weight);
    }
  }

  at(rank: number): number {
    let sum = 0;
    for (let index = rank + 1; index > 0; index -= index & -index) sum += this.#sums[index]!;
    return sum;
  }

  #change(rank: number, weight: number): void {
    for (let index = rank + 1; index < this.#sums.length; index += index & -index) this.#sums[index]! += weight;
  }
}
