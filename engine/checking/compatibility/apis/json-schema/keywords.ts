import { child, children, isObject, keywordsOf, referenced, type SchemaNode } from './schema-bundle';

/** Typed access to the values of keywords. What has the wrong type counts as absent. */

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A text or a list of texts as a list. */
export function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string');
}

/** Undefined for a pattern that this platform does not understand. */
export function regularExpression(pattern: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      continue;
    }
  }
  return undefined;
}

/** The schemas of the first items of a list, and of those after them (undefined: anything). */
export function tupleOf(node: SchemaNode): { readonly prefix: readonly SchemaNode[]; readonly rest: SchemaNode | undefined } {
  const keywords = keywordsOf(node);
  const has = (keyword: string) => (keywords[keyword] === undefined ? undefined : child(node, keyword));
  if (keywords['prefixItems'] !== undefined) return { prefix: children(node, 'prefixItems').map((each) => each.node), rest: has('items') };
  if (Array.isArray(keywords['items'])) return { prefix: children(node, 'items').map((each) => each.node), rest: has('additionalItems') };
  return { prefix: [], rest: has('items') };
}

/** Names and patterns of the properties that a schema looks at, for `unevaluatedProperties`. */
interface EvaluatedProperties {
  readonly names: ReadonlySet<string>;
  readonly patterns: ReadonlySet<string>;
  /** False where it depends on the document which of them are looked at. */
  readonly complete: boolean;
}

export function evaluatedProperties(node: SchemaNode): EvaluatedProperties {
  const names = new Set<string>();
  const patterns = new Set<string>();
  const seen = new Set<string>();
  let complete = true;
  const visit = (each: SchemaNode): void => {
    const key = `${each.file}#${each.pointer}`;
    if (seen.has(key)) return;
    seen.add(key);
    const keywords = keywordsOf(each);
    if (isObject(keywords['properties'])) for (const name of Object.keys(keywords['properties'])) names.add(name);
    if (isObject(keywords['patternProperties'])) for (const pattern of Object.keys(keywords['patternProperties'])) patterns.add(pattern);
    // Whatever is additional, or left over in an inner schema, is looked at.
    if (keywords['additionalProperties'] !== undefined || (each !== node && keywords['unevaluatedProperties'] !== undefined))
      patterns.add('');
    if (typeof keywords['$ref'] === 'string') {
      const target = referenced(each, keywords['$ref']);
      if (target) visit(target);
      else complete = false;
    }
    for (const part of children(each, 'allOf')) visit(part.node);
    for (const keyword of ['anyOf', 'oneOf', 'dependentSchemas', 'dependencies']) {
      for (const part of children(each, keyword)) {
        complete = false;
        visit(part.node);
      }
    }
    for (const keyword of ['if', 'then', 'else', '$dynamicRef', '$recursiveRef']) {
      if (keywords[keyword] === undefined) continue;
      complete = false;
      visit(child(each, keyword));
    }
  };
  visit(node);
  return { names, patterns, complete };
}
