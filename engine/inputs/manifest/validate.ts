import type { ManifestPath } from './document';
import { manifestSchema, releaseSchema, type Manifest } from './schema';
import { mayBeLeftOut, resolveUnions, wordIssue, type Issue, type WordedIssue } from './wording';
import * as z from 'zod';

interface Validation {
  readonly manifest: Manifest | undefined;
  /** The place in the text's list of each release that was kept. */
  readonly releaseIndexes: readonly number[];
  readonly problems: readonly WordedIssue[];
}

/** What stands in for a required key of the root that is missing or wrong, so that the rest can be used. */
const stopgaps: Readonly<Record<string, unknown>> = { manifest: 1, system: 'unnamed', releases: [] };

const lenientSchema = manifestSchema.extend({ releases: z.array(releaseSchema) });

/**
 * Checks values against the manifest's schema. What does not fit is reported and left out, as little of it as possible:
 * an unknown or optional key, a list entry, a release, a target. Changes `root`.
 */
export function validate(root: unknown): Validation {
  const pruner = new Pruner(root);
  const strict = manifestSchema.safeParse(root);
  if (strict.success) return { manifest: strict.data, releaseIndexes: strict.data.releases.map((_, index) => index), problems: [] };
  const issues = strict.error.issues.flatMap((issue) => resolveUnions(issue, pruner.valueAt));
  const problems = issues.flatMap((issue) => wordIssue(issue, pruner.valueAt(issue.path as ManifestPath)));
  const isMapping = typeof root === 'object' && root !== null && !Array.isArray(root);
  const otherFormat = isMapping && 'manifest' in root && typeof root.manifest === 'number' && root.manifest !== 1;
  if (!isMapping || otherFormat) return { manifest: undefined, releaseIndexes: [], problems };

  pruner.leaveOut(issues);
  for (let round = 0; round < 8; round++) {
    const lenient = lenientSchema.safeParse(root);
    if (lenient.success) return { manifest: lenient.data, releaseIndexes: pruner.originalIndexes(['releases']), problems };
    pruner.leaveOut(lenient.error.issues.flatMap((issue) => resolveUnions(issue, pruner.valueAt)));
  }
  return { manifest: undefined, releaseIndexes: [], problems };
}

type Container = Record<string | number, unknown>;

class Pruner {
  readonly #originals = new WeakMap<object, number[]>();

  constructor(private readonly root: unknown) {}

  valueAt = (path: ManifestPath): unknown => {
    let value = this.root;
    for (const key of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Container)[key];
    }
    return value;
  };

  originalIndexes(path: ManifestPath): number[] {
    const list = this.valueAt(path);
    if (!Array.isArray(list)) return [];
    return this.#originals.get(list) ?? list.map((_, index) => index);
  }

  leaveOut(issues: readonly Issue[]): void {
    const entries = new Map<unknown[], Set<number>>();
    for (const issue of issues) {
      for (const path of removals(issue)) {
        const parent = this.valueAt(path.slice(0, -1));
        const key = path.at(-1);
        if (Array.isArray(parent) && typeof key === 'number') entries.set(parent, (entries.get(parent) ?? new Set()).add(key));
        else if (typeof parent === 'object' && parent !== null && key !== undefined) this.#remove(parent as Container, path);
      }
    }
    for (const [list, dropped] of entries) this.#filter(list, dropped);
  }

  #remove(parent: Container, path: ManifestPath): void {
    const key = String(path.at(-1));
    if (path.length === 1 && key in stopgaps) parent[key] = structuredClone(stopgaps[key]);
    else delete parent[key];
  }

  #filter(list: unknown[], dropped: ReadonlySet<number>): void {
    const before = this.#originals.get(list) ?? list.map((_, index) => index);
    const kept = list.flatMap((entry, index) => (dropped.has(index) ? [] : [[entry, before[index]!] as const]));
    list.splice(0, list.length, ...kept.map(([entry]) => entry));
    this.#originals.set(
      list,
      kept.map(([, index]) => index),
    );
  }
}

/** The smallest parts that must go for an issue to be gone, without changing the meaning of what stays. */
function removals(issue: Issue): ManifestPath[] {
  const path = issue.path as ManifestPath;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
  let end = wholeUnit(path);
  while (end > 1 && !mayBeLeftOut(path.slice(0, end))) end--;
  return [path.slice(0, Math.max(end, 1))];
}

/** A transform or a command with a part missing would do something else, so it goes as a whole with what holds it. */
function wholeUnit(path: ManifestPath): number {
  const inside = path.findIndex(
    (key, index) => index > 0 && (key === 'transform' || key === 'command') && typeof path[index - 1] === 'number',
  );
  return inside < 0 ? path.length : inside;
}
