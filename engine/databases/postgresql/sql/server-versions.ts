import { Lexer } from './lexer';
import { allNamedFeatures, type Feature, namedFeatures } from './newer-names';
import { newerNumber, type SyntaxRule, syntaxRules } from './newer-syntax';
import { handleEntry, locationIn, type NodeType, type TypedEntry, walk } from './nodes';
import type { SqlNode } from './statement';

/** Something that a statement uses and that only servers from a major version on know. */
export interface NewerFeature {
  /** As people write it, e.g. `NULLS NOT DISTINCT` or `the function uuidv7`. */
  readonly feature: string;
  /** The first major version that knows it. */
  readonly since: number;
  /** Byte offset in the statement, where the parse tree tells it. */
  readonly location?: number;
  /** The name of the function, which a script may also have made itself for older servers. */
  readonly calls?: string;
}

/** The oldest major version that is told apart: what it knows is in no list here. */
export const oldestKnownMajor = 13;

/**
 * Every feature of the statement that servers of the major version `minimum` refuse, in the order of the tree. A minimum below
 * `oldestKnownMajor` counts as that one.
 * @param text the statement's own text, in which numbers are as they were written; the tree has only their values
 * The versions are measured: a test sends an example of each feature to every major version.
 */
export function newerThan(node: SqlNode, minimum: number, text = ''): NewerFeature[] {
  const found = newerNumbers(text, minimum);
  const seen = new Set(found.map(({ feature }) => feature));
  walk(node, (...entry) => {
    const [type, inner] = entry;
    for (const { feature, since, calls } of featuresOf(entry)) {
      if (since <= minimum || seen.has(feature)) continue;
      seen.add(feature);
      const location = locationIn(inner) ?? 0;
      found.push({ feature, since, location: location > 0 ? location : undefined, calls });
    }
    // In the actions of a rule OLD and NEW have always been there.
    return type !== 'RuleStmt';
  });
  return found;
}

/** The first number of the text that is written as older servers cannot read it, e.g. `0x1F` or `1_000`. Strings are passed over. */
export function newerNumbers(text: string, minimum: number): NewerFeature[] {
  if (minimum >= newerNumber.since) return [];
  const lexer = new Lexer(text);
  for (let at = 0; lexer.read(at, text.length); at = lexer.end) {
    const isNew = lexer.kind === 'number' && /^(?:0[xob][0-9a-f_]+|\d[\d.]*_[\d_.]*(?:e\d+)?)$/i.test(text.slice(lexer.start, lexer.end));
    if (isNew && text[lexer.start - 1] !== '$') return [{ ...newerNumber, location: Buffer.byteLength(text.slice(0, lexer.start)) }];
  }
  return [];
}

const rulesByType = new Map<NodeType, SyntaxRule[]>();
for (const rule of syntaxRules) rulesByType.set(rule.type, [...(rulesByType.get(rule.type) ?? []), rule]);

function* featuresOf(entry: TypedEntry): Iterable<Feature> {
  const [type, inner] = entry;
  for (const rule of rulesByType.get(type) ?? []) if (rule.when === undefined || rule.when(inner)) yield rule;
  yield* handleEntry(namedFeatures, entry) ?? [];
}

/** Every feature that `newerThan` can tell, once each. */
export const serverFeatures: readonly { readonly feature: string; readonly since: number }[] = [
  ...new Map([...syntaxRules, ...allNamedFeatures].map(({ feature, since }) => [feature, { feature, since }])).values(),
];
