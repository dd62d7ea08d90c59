import type { Part } from './description';
import { fingerprint, schemaView, standsFor, typeText } from './schema-view';

export interface MatchedAlternatives {
  readonly pairs: readonly (readonly [Part, Part])[];
  readonly gone: readonly Part[];
  readonly come: readonly Part[];
}

/**
 * Finds which alternative of the newer list is which of the older one: by the name of the schema, by what it says, by its title, by a
 * property with a single value, and then, when `loosely` and neither has a name, by its type.
 */
export function matchAlternatives(older: readonly Part[], newer: readonly Part[], loosely: boolean): MatchedAlternatives {
  const pairs: (readonly [Part, Part])[] = [];
  let gone = [...older];
  let come = [...newer];
  for (const key of [nameKey, (part: Part) => fingerprint(standsFor(part).value), titleKey, tagKey, ...(loosely ? [typeKey] : [])]) {
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
    gone = gone.filter((part) => !taken.has(part));
    come = come.filter((part) => !taken.has(part));
  }
  return { pairs, gone, come };
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
