import { listed } from '../../../../core/wording';
import { arrayRefusals } from './array-refusals';
import { combinedRefusals } from './combined-refusals';
import type { Comparer, Comparison } from './comparison';
import { factsOf, type Facts, inventedSchema, isEmpty, keyOf, typesOf, type Values, valuesOf, type ValueType } from './facts';
import { textsOf } from './keywords';
import { numberRefusals } from './number-refusals';
import { objectRefusals } from './object-refusals';
import { refusal, type Refusal } from './refusal';
import { isSame } from './same-schema';
import { children, isObject, keywordsOf, referenced, type SchemaNode } from './schema-bundle';
import { stringRefusals } from './string-refusals';
import { valueRefusals } from './value-refusals';

const stepLimit = 10_000;
/** Deeper than any schema is meant to be, and well within the stack. */
const depthLimit = 400;
const splitLimit = 8;
const refusalLimit = 100;

/**
 * What keeps some value that is valid under `documents` from being valid under `reader`; nothing where every one is.
 * Where nothing is reported this holds for certain; a refusal that is not certain may be none.
 */
export function refusals(documents: SchemaNode, reader: SchemaNode): Refusal[] {
  return [...new Inclusion().run(documents, reader)];
}

class Inclusion implements Comparer {
  #steps = 0;
  #depth = 0;
  /**
   * Pairs that are taken to hold because they are being looked at or were found to hold so far. Values are finite, so that a pair
   * that leads back to itself holds when nothing else is against it.
   */
  readonly #assumed = new Map<string, 'open' | 'used' | 'holds'>();
  readonly #refused = new Map<string, readonly Refusal[]>();
  readonly #same = { same: new Set<string>(), different: new Set<string>() };
  readonly #facts = new Map<string, { readonly facts: Facts; readonly isEmpty: boolean }>();
  /** True when something rests on a pair that turned out to be refused. */
  #isDoubtful = false;

  run(documents: SchemaNode, reader: SchemaNode): readonly Refusal[] {
    for (;;) {
      this.#isDoubtful = false;
      this.#assumed.clear();
      this.#refused.delete(pairKey(valuesOf(documents), reader));
      const found = this.check(valuesOf(documents), reader, []);
      if (!this.#isDoubtful || this.#steps > stepLimit) return found;
    }
  }

  check(documents: Values, reader: SchemaNode, path: readonly string[]): readonly Refusal[] {
    if (reader.value === true || reader.value === undefined) return [];
    const key = pairKey(documents, reader);
    const refused = this.#refused.get(key);
    if (refused) return refused;
    const assumed = this.#assumed.get(key);
    if (assumed) {
      if (assumed === 'open') this.#assumed.set(key, 'used');
      return [];
    }
    if (++this.#steps > stepLimit || this.#depth > depthLimit)
      return [refusal({ documents, reader, path }, 'size', 'is too complex to compare', { certain: false })];
    this.#assumed.set(key, 'open');
    this.#depth++;
    const found = distinct(this.#compare(documents, reader, path));
    this.#depth--;
    if (found.length === 0) this.#assumed.set(key, 'holds');
    else {
      if (this.#assumed.get(key) === 'used') this.#isDoubtful = true;
      this.#assumed.delete(key);
      this.#refused.set(key, found);
    }
    return found;
  }

  isEmpty(values: Values): boolean {
    return this.#factsOf(values).isEmpty;
  }

  isSame(a: SchemaNode, b: SchemaNode): boolean {
    return isSame(a, b, this.#same);
  }

  #factsOf(documents: Values): { readonly facts: Facts; readonly isEmpty: boolean } {
    const key = valuesKey(documents);
    let known = this.#facts.get(key);
    if (!known) {
      const facts = factsOf(documents);
      this.#facts.set(key, (known = { facts, isEmpty: !facts.possible || isEmpty(documents) }));
    }
    return known;
  }

  #compare(documents: Values, reader: SchemaNode, path: readonly string[]): readonly Refusal[] {
    const { facts, isEmpty } = this.#factsOf(documents);
    if (isEmpty) return [];
    if ([...documents.all, ...facts.parts].some((node) => this.isSame(node, reader))) return [];
    if (reader.value === false) return [refusal({ documents, reader, path }, 'closed', 'may be present, but nothing is accepted')];
    if (!isObject(reader.value)) return [];
    const at: Comparison = { documents, facts, reader, path, comparer: this };
    const direct = facts.values ? valueRefusals(at, facts.values) : keywordRefusals(at);
    if (direct.length === 0) return direct;
    return this.#split(at) ?? direct;
  }

  /** The same for each of several cases; undefined where there are none. */
  #split({ documents, facts, reader, path }: Comparison): readonly Refusal[] | undefined {
    if (documents.chosen.size >= splitLimit) return undefined;
    const [alternative] = facts.alternatives;
    const cases = alternative ? alternative.cases : typeCases(facts, reader);
    if (cases.length < 2 && !alternative) return undefined;
    const key = alternative?.key ?? 'type';
    if (documents.chosen.has(key)) return undefined;
    const chosen = new Set([...documents.chosen, key]);
    return cases.flatMap((each) =>
      this.check({ all: [...documents.all, ...each.all], none: [...documents.none, ...each.none], chosen }, reader, path),
    );
  }
}

/** What the keywords of the reader refuse, each by itself. */
function keywordRefusals(at: Comparison): Refusal[] {
  const { documents, facts, reader, path, comparer } = at;
  const keywords = keywordsOf(reader);
  const found: Refusal[] = [];
  if (typeof keywords['$ref'] === 'string') {
    const target = referenced(reader, keywords['$ref']);
    if (target) found.push(...comparer.check(documents, target, path));
    else {
      const clause = `must fit \`${keywords['$ref']}\`, which is outside the description`;
      found.push(refusal(at, 'reference', clause, { keyword: '$ref', certain: false }));
    }
    if (reader.bundle.refStandsAlone) return found;
  }
  const missing = [...facts.types].filter((type) => !typesOf(keywords['type']).has(type));
  if (missing.length > 0) {
    const accepted = textsOf(keywords['type']);
    found.push(
      refusal(at, 'type', `may be ${listed(typeNames(missing), 'or')}, but only ${listed(accepted, 'or')} is accepted`, {
        keyword: 'type',
      }),
    );
    if (missing.length === facts.types.size) return found;
  }
  for (const keyword of ['enum', 'const']) {
    if (!(keyword in keywords)) continue;
    found.push(refusal(at, 'enum', 'may have any value, but only listed values are accepted', { keyword }));
  }
  for (const part of children(reader, 'allOf')) found.push(...comparer.check(documents, part.node, path));
  found.push(...combinedRefusals(at));
  if (facts.types.has('integer') || facts.types.has('fraction')) found.push(...numberRefusals(at));
  if (facts.types.has('string')) found.push(...stringRefusals(at));
  if (facts.types.has('array')) found.push(...arrayRefusals(at));
  if (facts.types.has('object')) found.push(...objectRefusals(at));
  for (const keyword of ['$dynamicRef', '$recursiveRef']) {
    if (!(keyword in keywords)) continue;
    found.push(refusal(at, 'reference', `must fit \`${keyword}\`, which is not followed`, { keyword, certain: false }));
  }
  return found;
}

/** The same part can be reached in many ways. */
function distinct(refused: readonly Refusal[]): readonly Refusal[] {
  if (refused.length < 2) return refused;
  const unique = new Map(
    refused.map((each) => [`${each.kind} ${keyOf(each.reader)} ${each.keyword ?? ''} ${each.clause} ${each.more ?? ''}`, each]),
  );
  return [...unique.values()].slice(0, refusalLimit);
}

function valuesKey({ all, none, chosen }: Values): string {
  return `${all.map(keyOf).sort().join(' ')} - ${none.map(keyOf).sort().join(' ')} / ${[...chosen].sort().join(' ')}`;
}

function pairKey(documents: Values, reader: SchemaNode): string {
  return `${valuesKey(documents)} -> ${keyOf(reader)}`;
}

/** Cases by type, where the reader has alternatives that each take some types. */
function typeCases({ types }: Facts, reader: SchemaNode): readonly Values[] {
  const keywords = keywordsOf(reader);
  if (!['anyOf', 'oneOf', 'if', 'not', '$ref', 'allOf'].some((keyword) => keyword in keywords)) return [];
  return typeNames(types).map((type) => valuesOf(inventedSchema(reader, { type })));
}

/** As the keyword `type` names them. */
function typeNames(types: Iterable<ValueType>): string[] {
  const names = new Set([...types].map((type) => (type === 'fraction' ? 'number' : type)));
  if (names.has('number')) names.delete('integer');
  return [...names];
}
