import type { Comparison } from './comparison';
import { valuesOf } from './facts';
import { refusal, type Refusal } from './refusal';
import { child, children, keywordsOf, type SchemaNode } from './schema-bundle';

/** What `anyOf`, `oneOf`, `not` and `if` refuse. */
export function combinedRefusals(at: Comparison): Refusal[] {
  const { documents, facts, reader, path, comparer } = at;
  const found: Refusal[] = [];
  const keywords = keywordsOf(reader);
  const isApart = (schema: SchemaNode) =>
    facts.none.some((other) => comparer.isSame(other, schema)) || comparer.isEmpty({ ...documents, all: [...documents.all, schema] });
  for (const keyword of ['anyOf', 'oneOf']) {
    if (!Array.isArray(keywords[keyword])) continue;
    const branches = children(reader, keyword).map((each) => each.node);
    const fitting = branches.filter((branch) => comparer.check(documents, branch, path).length === 0);
    const others = branches.filter((branch) => !fitting.includes(branch));
    if (fitting.length === 0) {
      const near = branches.filter((branch) => !isApart(branch));
      const [only] = near;
      // Of one branch alone it can be said in detail what it refuses.
      if (only && near.length === 1) found.push(...comparer.check(documents, only, path));
      else found.push(refusal(at, 'combined-type', 'may be what none of the alternatives accepts', { keyword }));
    } else if (keyword === 'oneOf' && (fitting.length > 1 || !others.every(isApart))) {
      const certain = fitting.length > 1;
      found.push(refusal(at, 'combined-type', 'may fit several alternatives, but only one may fit', { keyword, certain }));
    }
  }
  if (keywords['not'] !== undefined) {
    const excluded = child(reader, 'not');
    const isExcluded = isApart(excluded) || facts.none.some((other) => comparer.check(valuesOf(excluded), other, path).length === 0);
    const certain = facts.none.length === 0 && facts.alternatives.length === 0;
    if (!isExcluded) found.push(refusal(at, 'not', 'may be what `not` excludes', { keyword: 'not', certain }));
  }
  if (keywords['if'] !== undefined) {
    const condition = child(reader, 'if');
    const then = { ...documents, all: [...documents.all, condition] };
    const otherwise = { ...documents, none: [...documents.none, condition] };
    if (keywords['then'] !== undefined) found.push(...comparer.check(then, child(reader, 'then'), path));
    if (keywords['else'] !== undefined) found.push(...comparer.check(otherwise, child(reader, 'else'), path));
  }
  return found;
}
