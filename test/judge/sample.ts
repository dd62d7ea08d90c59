/** What a sample is drawn from. */
interface Drawn {
  readonly check: string;
  readonly severity: string;
}

/**
 * Random findings, the same for the same seed. One of each check and severity, in random order, as long as there is room; then each
 * stratum gets a share of what is left in proportion to its findings, so that a chatty check takes its share and not all.
 * @returns at most `size`, in the order in which they came
 */
export function sample<T extends Drawn>(findings: readonly T[], size: number, seed: number): T[] {
  const random = randomNumbers(seed);
  const strata = new Map<string, T[]>();
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.check}`;
    strata.set(key, [...(strata.get(key) ?? []), finding]);
  }
  const shuffled = shuffle([...strata.keys()].sort(), random).map((key) => shuffle(strata.get(key) ?? [], random));
  const chosen = new Set<T>();
  for (const [first] of shuffled) if (first && chosen.size < size) chosen.add(first);
  for (const finding of interleaved(shuffled.map((stratum) => stratum.slice(1)))) if (chosen.size < size) chosen.add(finding);
  return findings.filter((finding) => chosen.has(finding));
}

/** All items, so that each beginning of the result has of each list about the same part. */
function interleaved<T>(lists: readonly (readonly T[])[]): T[] {
  return lists
    .flatMap((list) => list.map((item, index) => ({ item, place: (index + 0.5) / list.length })))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** Mulberry32: numbers from 0 to 1, always the same for a seed. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
