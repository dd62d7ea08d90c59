import type { Part } from './description';
import { fingerprint, schemaView, standsFor, typeText } from './schema-view';

export interface MatchedAlternatives {
  readonly pairs: readonly (readonly [Part, Part])[];
  readonly gone: readonly Part[];
  readonly come: readonly Part[];
}

/** What is known of a pair of alternatives with different names. */
export interface Renaming {
  /** Whether both say the same, whatever the schemas that they refer to are called. */
  isSame(older: Part, newer: Part): boolean;
  /** Whether one name can take the place of the other: false where data hold the names, as a discriminator does. */
  isAllowed(older: Part, newer: Part): boolean;
}

/**
 * Finds which alternative of the newer list is which of the older one: by the name of the schema, by what it says, by its title, by a
 * property with a single value, and then, when `loosely`, by its type where neither has a name, and by its properties.
 */
export function matchAlternatives(
  older: readonly Part[],
  newer: readonly Part[],
  loosely: boolean,
  renaming: Renaming,
): MatchedAlternatives {
  const pairs: (readonly [Part, Part])[] = [];
  let gone = [...older];
  let come = [...newer];
  const takeOut = (taken: ReadonlySet<Part>): void => {
    gone = gone.filter((part) => !taken.has(part));
    come = come.filter((part) => !taken.has(part));
  };
  const renamed = (score: (part: Part, other: Part) => number): void => {
    const taken = new Set<Part>();
    const likely = gone.flatMap((part) => come.map((other) => ({ part, other, score: score(part, other) })));
    for (const { part, other } of likely.filter((each) => each.score >= 0.5).sort((a, b) => b.score - a.score)) {
      if (taken.has(part) || taken.has(other) || !renaming.isAllowed(part, other)) continue;
      pairs.push([part, other]);
      taken.add(part).add(other);
    }
    takeOut(taken);
  };
  for (const key of [nameKey, sameKey, titleKey, tagKey, ...(loosely ? [typeKey] : [])]) {
    if (key === titleKey) renamed((part, other) => (renaming.isSame(part, other) ? 1 : 0));
    const keys = new Map<string, Part[]>();
    for (const part of come) {
      const found = key(part);
      if (found !== undefined) keys.set(found, [...(keys.get(found) ?? []), part]);
    }
    const taken = new Set<Part>();
    for (const part of gone) {
      const found = key(part);
      const candidates = found === undefined ? [] : (keys.get(found) ?? []);
      // By type alone they are paired in order, and only when there are as many of it as before.
      const isSure = key !== typeKey || candidates.length === gone.filter((other) => typeKey(other) === found).length;
      const other = isSure ? candidates.find((candidate) => !taken.has(candidate)) : undefined;
      if (!other) continue;
      pairs.push([part, other]);
      taken.add(other).add(part);
    }
    takeOut(taken);
  }
  if (loosely) renamed(likeness);
  return { pairs, gone, come };
}

/** How much of their properties two schemas share, from 0 to 1. */
function likeness(part: Part, other: Part): number {
  const [names, others] = [schemaView(part).properties, schemaView(other).properties];
  const shared = [...names.keys()].filter((name) => others.has(name)).length;
  return shared / Math.max(1, names.size + others.size - shared);
}

function sameKey(part: Part): string {
  return fingerprint(standsFor(part).value);
}

function nameKey(part: Part): string | undefined {
  return standsFor(part).schemaName;
}

function titleKey(part: Part): string | undefined {
  const title = schemaView(part).at('title')?.value;
  return typeof title === 'string' ? title : undefined;
}

/** The property that tells the alternative apart from others by its only value. */
function tagKey(part: Part): string | undefined {
  for (const [name, property] of schemaView(part).properties) {
    const { values } = schemaView(property);
    if (values?.list.length === 1) return `${name}=${values.list[0]?.text ?? ''}`;
  }
  return undefined;
}

function typeKey(part: Part): string | undefined {
  return nameKey(part) === undefined ? typeText(schemaView(part).types) : undefined;
}
