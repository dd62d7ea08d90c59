import { listed, listedBriefly, shortened } from '../../../../core/wording';
import {
  factsOf,
  type Bound,
  type Facts,
  highest,
  inventedSchema,
  isEmpty,
  itemSchemas,
  keyOf,
  least,
  lowest,
  most,
  propertySchemas,
  typesOf,
  type Values,
  valuesOf,
} from './facts';
import { evaluatedProperties, numberOf, regularExpression, textsOf, tupleOf } from './keywords';
import { isSame } from './same-schema';
import { child, children, isObject, keywordsOf, referenced, type SchemaNode } from './schema-bundle';
import { isValid } from './valid-value';

/** What a document may have and a reader does not accept. */
export interface Refusal {
  /** What it is about; ids are made of it. */
  readonly kind: RefusalKind;
  /** False where it cannot be told whether any document is refused. */
  readonly certain: boolean;
  /** The schema of the reader that refuses, and the keyword of it. */
  readonly reader: SchemaNode;
  readonly keyword: string | undefined;
  /** The schema of the documents, where there is one for the same part. */
  readonly document: SchemaNode | undefined;
  /** A clause about the part at `path`, short enough for a headline: "may be string, but only integer is accepted". */
  readonly clause: string;
  /** What the clause leaves out. A full sentence. */
  readonly more?: string | undefined;
  /** Names of properties from the root; `[]` for items. */
  readonly path: readonly string[];
}

export type RefusalKind =
  | 'type'
  | 'enum'
  | 'minimum'
  | 'maximum'
  | 'multiple-of'
  | 'min-length'
  | 'max-length'
  | 'pattern'
  | 'format'
  | 'min-items'
  | 'max-items'
  | 'unique-items'
  | 'items'
  | 'contains'
  | 'required'
  | 'closed'
  | 'open'
  | 'partially-open'
  | 'min-properties'
  | 'max-properties'
  | 'additional-properties'
  | 'property-names'
  | 'dependency'
  | 'combined-type'
  | 'not'
  | 'reference'
  | 'unevaluated'
  | 'size';

const stepLimit = 10_000;
/** Deeper than any schema is meant to be, and well within the stack. */
const depthLimit = 400;
const splitLimit = 8;
const refusalLimit = 100;
const combinationLimit = 32;
/** Longest value or pattern that a clause shows in full. */
const longestValue = 30;

/**
 * What keeps some value that is valid under `documents` from being valid under `reader`; nothing where every one is.
 * Where nothing is reported this holds for certain; a refusal that is not certain may be none.
 */
export function refusals(documents: SchemaNode, reader: SchemaNode): Refusal[] {
  return [...new Inclusion().run(documents, reader)];
}

class Inclusion {
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
      return [refusal('size', reader, documents, path, 'is too complex to compare', { certain: false })];
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
    if ([...documents.all, ...facts.parts].some((node) => isSame(node, reader, this.#same))) return [];
    if (reader.value === false) return [refusal('closed', reader, documents, path, 'may be present, but nothing is accepted')];
    if (!isObject(reader.value)) return [];
    const direct = facts.values
      ? this.#checkValues(facts.values, documents, reader, path)
      : this.#checkKeywords(documents, facts, reader, path);
    if (direct.length === 0) return direct;
    return this.#split(documents, facts, reader, path) ?? direct;
  }

  /** The same for each of several cases; undefined where there are none. */
  #split(documents: Values, facts: Facts, reader: SchemaNode, path: readonly string[]): readonly Refusal[] | undefined {
    if (documents.chosen.size >= splitLimit) return undefined;
    const [alternative] = facts.alternatives;
    const cases = alternative ? alternative.cases : typeCases(facts, reader);
    if (cases.length < 2 && !alternative) return undefined;
    const key = alternative?.key ?? 'type';
    if (documents.chosen.has(key)) return undefined;
    const chosen = new Set([...documents.chosen, key]);
    const found = cases.flatMap((each) =>
      this.check({ all: [...documents.all, ...each.all], none: [...documents.none, ...each.none], chosen }, reader, path),
    );
    return found;
  }

  #checkValues(values: readonly unknown[], documents: Values, reader: SchemaNode, path: readonly string[]): Refusal[] {
    const verdicts = values.map((value) => isValid(reader, value));
    const refused = values.filter((_, index) => verdicts[index] === false);
    const keywords = keywordsOf(reader);
    if (refused.length > 0) {
      const types = typesOf(keywords['type']);
      const isType = keywords['type'] !== undefined && refused.every((value) => !types.has(typeOfValue(value)));
      const keyword = isType ? 'type' : 'enum' in keywords ? 'enum' : 'const' in keywords ? 'const' : undefined;
      const shown = refused.map((value) => shortened(JSON.stringify(value), longestValue));
      const clause = `may be ${listedBriefly(shown)}, which ${refused.length === 1 ? 'is' : 'are'} not accepted`;
      const more =
        shown.length > 3 ? `Refused values: ${shown.slice(0, 5).join(', ')}${shown.length > 5 ? ' and others' : ''}.` : undefined;
      return [refusal(isType ? 'type' : 'enum', reader, documents, path, clause, { keyword, more })];
    }
    if (!verdicts.includes(undefined)) return [];
    return [refusal('enum', reader, documents, path, 'may have values that the comparison cannot judge', { certain: false })];
  }

  #checkKeywords(documents: Values, facts: Facts, reader: SchemaNode, path: readonly string[]): Refusal[] {
    const keywords = keywordsOf(reader);
    const found: Refusal[] = [];
    if (typeof keywords['$ref'] === 'string') {
      const target = referenced(reader, keywords['$ref']);
      if (target) found.push(...this.check(documents, target, path));
      else {
        const clause = `must fit \`${keywords['$ref']}\`, which is outside the description`;
        found.push(refusal('reference', reader, documents, path, clause, { keyword: '$ref', certain: false }));
      }
      if (reader.bundle.refStandsAlone) return found;
    }
    const missing = [...facts.types].filter((type) => !typesOf(keywords['type']).has(type));
    if (missing.length > 0) {
      const accepted = textsOf(keywords['type']);
      found.push(
        refusal('type', reader, documents, path, `may be ${typeWords(missing)}, but only ${listed(accepted, 'or')} is accepted`, {
          keyword: 'type',
        }),
      );
      if (missing.length === facts.types.size) return found;
    }
    for (const keyword of ['enum', 'const']) {
      if (!(keyword in keywords)) continue;
      found.push(refusal('enum', reader, documents, path, 'may have any value, but only listed values are accepted', { keyword }));
    }
    for (const part of children(reader, 'allOf')) found.push(...this.check(documents, part.node, path));
    found.push(...this.#checkCombined(documents, facts, reader, path));
    if (facts.types.has('integer') || facts.types.has('fraction')) found.push(...numberRefusals(documents, facts, reader, path));
    if (facts.types.has('string')) found.push(...textRefusals(documents, facts, reader, path));
    if (facts.types.has('array')) found.push(...this.#checkList(documents, facts, reader, path));
    if (facts.types.has('object')) found.push(...this.#checkObject(documents, facts, reader, path));
    for (const keyword of ['$dynamicRef', '$recursiveRef']) {
      if (!(keyword in keywords)) continue;
      found.push(
        refusal('reference', reader, documents, path, `must fit \`${keyword}\`, which is not followed`, { keyword, certain: false }),
      );
    }
    return found;
  }

  #checkCombined(documents: Values, facts: Facts, reader: SchemaNode, path: readonly string[]): Refusal[] {
    const found: Refusal[] = [];
    const keywords = keywordsOf(reader);
    const isApart = (schema: SchemaNode) =>
      facts.none.some((other) => isSame(other, schema, this.#same)) ||
      this.#factsOf({ ...documents, all: [...documents.all, schema] }).isEmpty;
    for (const keyword of ['anyOf', 'oneOf']) {
      if (!Array.isArray(keywords[keyword])) continue;
      const branches = children(reader, keyword).map((each) => each.node);
      const fitting = branches.filter((branch) => this.check(documents, branch, path).length === 0);
      const others = branches.filter((branch) => !fitting.includes(branch));
      if (fitting.length === 0) {
        const near = branches.filter((branch) => !isApart(branch));
        const [only] = near;
        // Of one branch alone it can be said in detail what it refuses.
        if (only && near.length === 1) found.push(...this.check(documents, only, path));
        else found.push(refusal('combined-type', reader, documents, path, 'may be what none of the alternatives accepts', { keyword }));
      } else if (keyword === 'oneOf' && (fitting.length > 1 || !others.every(isApart))) {
        const certain = fitting.length > 1;
        found.push(
          refusal('combined-type', reader, documents, path, 'may fit several alternatives, but only one may fit', { keyword, certain }),
        );
      }
    }
    if (keywords['not'] !== undefined) {
      const excluded = child(reader, 'not');
      const isExcluded = isApart(excluded) || facts.none.some((other) => this.check(valuesOf(excluded), other, path).length === 0);
      const certain = facts.none.length === 0 && facts.alternatives.length === 0;
      if (!isExcluded) found.push(refusal('not', reader, documents, path, 'may be what `not` excludes', { keyword: 'not', certain }));
    }
    if (keywords['if'] !== undefined) {
      const condition = child(reader, 'if');
      const then = { ...documents, all: [...documents.all, condition] };
      const otherwise = { ...documents, none: [...documents.none, condition] };
      if (keywords['then'] !== undefined) found.push(...this.check(then, child(reader, 'then'), path));
      if (keywords['else'] !== undefined) found.push(...this.check(otherwise, child(reader, 'else'), path));
    }
    return found;
  }

  #checkList(documents: Values, facts: Facts, reader: SchemaNode, path: readonly string[]): Refusal[] {
    const keywords = keywordsOf(reader);
    const found: Refusal[] = [];
    const [fewest, longest] = [least(facts, 'minItems'), most(facts, 'maxItems')];
    const [minItems, maxItems] = [numberOf(keywords['minItems']) ?? 0, numberOf(keywords['maxItems']) ?? Infinity];
    const at = (keyword: string) => ({ keyword });
    if (fewest < minItems)
      found.push(refusal('min-items', reader, documents, path, `may have fewer than ${minItems} items`, at('minItems')));
    if (longest > maxItems)
      found.push(refusal('max-items', reader, documents, path, `may have more than ${maxItems} items`, at('maxItems')));
    const isUnique = longest <= 1 || facts.parts.some((part) => keywordsOf(part)['uniqueItems'] === true);
    if (keywords['uniqueItems'] === true && !isUnique) {
      found.push(refusal('unique-items', reader, documents, path, 'may have the same item twice', at('uniqueItems')));
    }
    const tuple = tupleOf(reader);
    const places = Math.max(tuple.prefix.length, ...facts.parts.map((part) => tupleOf(part).prefix.length));
    for (let index = 0; index <= places && index < longest; index++) {
      const schema = tuple.prefix[index] ?? tuple.rest;
      if (schema) found.push(...this.check(valuesOf(...itemSchemas(facts, index)), schema, [...path, '[]']));
    }
    if (keywords['contains'] !== undefined) found.push(...this.#checkContains(documents, facts, reader, path, fewest, longest));
    const unevaluated = keywords['unevaluatedItems'];
    if (unevaluated !== undefined && unevaluated !== true) {
      found.push(
        refusal('unevaluated', reader, documents, path, 'may have items that no schema describes', {
          keyword: 'unevaluatedItems',
          certain: false,
        }),
      );
    }
    return found;
  }

  #checkContains(documents: Values, facts: Facts, reader: SchemaNode, path: readonly string[], fewest: number, longest: number): Refusal[] {
    const keywords = keywordsOf(reader);
    const wanted = child(reader, 'contains');
    const atLeast = numberOf(keywords['minContains']) ?? 1;
    const atMost = numberOf(keywords['maxContains']) ?? Infinity;
    const lists = facts.parts.filter((part) => keywordsOf(part)['contains'] !== undefined);
    const itemsFit = fewest >= atLeast && this.#allItemsFit(facts, wanted, fewest, path);
    const isThere =
      atLeast === 0 ||
      itemsFit ||
      lists.some(
        (part) =>
          (numberOf(keywordsOf(part)['minContains']) ?? 1) >= atLeast &&
          this.check(valuesOf(child(part, 'contains')), wanted, path).length === 0,
      );
    const isRare =
      longest <= atMost ||
      lists.some(
        (part) =>
          (numberOf(keywordsOf(part)['maxContains']) ?? Infinity) <= atMost &&
          this.check(valuesOf(wanted), child(part, 'contains'), path).length === 0,
      );
    if (isThere && isRare) return [];
    const clause = isThere ? `may contain more than ${atMost} of the limited items` : 'may lack an item that it must contain';
    return [refusal('contains', reader, documents, path, clause, { keyword: 'contains', certain: lists.length === 0 })];
  }

  #allItemsFit(facts: Facts, wanted: SchemaNode, count: number, path: readonly string[]): boolean {
    const places = Math.max(count, ...facts.parts.map((part) => tupleOf(part).prefix.length + 1));
    if (places > 20) return false;
    return Array.from({ length: places }, (_, index) => this.check(valuesOf(...itemSchemas(facts, index)), wanted, path)).every(
      (each) => each.length === 0,
    );
  }

  #checkObject(documents: Values, facts: Facts, reader: SchemaNode, path: readonly string[]): Refusal[] {
    const keywords = keywordsOf(reader);
    const found: Refusal[] = [];
    for (const name of textsOf(keywords['required'])) {
      if (facts.required.has(name)) continue;
      const schema = isObject(keywords['properties']) ? child(reader, 'properties', name) : undefined;
      const hasDefault = schema !== undefined && 'default' in keywordsOf(schema);
      const clause = hasDefault ? 'may be missing, which only readers that apply its default accept' : 'may be missing, but it is required';
      const place = { keyword: 'required', certain: !hasDefault };
      found.push(refusal('required', reader, documents, [...path, name], clause, place));
    }
    const [fewest, largest] = [Math.max(least(facts, 'minProperties'), facts.required.size), most(facts, 'maxProperties')];
    const minimum = numberOf(keywords['minProperties']) ?? 0;
    const maximum = numberOf(keywords['maxProperties']) ?? Infinity;
    if (fewest < minimum) {
      found.push(
        refusal('min-properties', reader, documents, path, `may have fewer than ${minimum} properties`, { keyword: 'minProperties' }),
      );
    }
    if (largest > maximum) {
      found.push(
        refusal('max-properties', reader, documents, path, `may have more than ${maximum} properties`, { keyword: 'maxProperties' }),
      );
    }
    found.push(...this.#checkProperties(documents, facts, reader, path));
    if (keywords['propertyNames'] !== undefined && !this.#namesFit(facts, child(reader, 'propertyNames'), path)) {
      const clause = 'may have property names that are not accepted';
      found.push(refusal('property-names', reader, documents, path, clause, { keyword: 'propertyNames' }));
    }
    for (const keyword of ['dependencies', 'dependentRequired', 'dependentSchemas']) {
      for (const { name, node } of children(reader, keyword)) {
        const withName = { ...documents, all: [...documents.all, inventedSchema(reader, { required: [name] })] };
        if (!Array.isArray(node.value)) {
          found.push(...this.check(withName, node, path));
          continue;
        }
        const together = factsOf(withName);
        const lacking = textsOf(node.value).filter((other) => !together.required.has(other));
        if (!together.possible || lacking.length === 0) continue;
        const clause = `may have \`${name}\` without ${listedBriefly(lacking.map((each) => `\`${each}\``))}, which it requires`;
        found.push(refusal('dependency', reader, documents, path, clause, { keyword }));
      }
    }
    return found;
  }

  #namesFit(facts: Facts, wanted: SchemaNode, path: readonly string[]): boolean {
    const names = facts.parts.filter((part) => keywordsOf(part)['propertyNames'] !== undefined).map((part) => child(part, 'propertyNames'));
    if (names.length > 0) {
      const text = inventedSchema(wanted, { type: 'string' });
      if (this.check(valuesOf(...names, text), wanted, path).length === 0) return true;
    }
    return facts.parts.some((part) => {
      const { additionalProperties, patternProperties, properties } = keywordsOf(part);
      if (additionalProperties !== false || patternProperties !== undefined) return false;
      return Object.keys(isObject(properties) ? properties : {}).every((name) => isValid(wanted, name) === true);
    });
  }

  #checkProperties(documents: Values, facts: Facts, reader: SchemaNode, path: readonly string[]): Refusal[] {
    const keywords = keywordsOf(reader);
    const found: Refusal[] = [];
    const own = isObject(keywords['properties']) ? Object.keys(keywords['properties']) : [];
    const patterns = children(reader, 'patternProperties');
    const evaluated = evaluatedProperties(reader);
    const isLeftOver = keywords['additionalProperties'] === undefined && keywords['unevaluatedProperties'] !== undefined;
    const restKeyword = isLeftOver ? 'unevaluatedProperties' : 'additionalProperties';
    const rest = keywords[restKeyword] === undefined ? undefined : child(reader, restKeyword);
    if (isLeftOver && !evaluated.complete && rest?.value !== true) {
      const clause = 'may have properties that no schema describes';
      found.push(refusal('unevaluated', reader, documents, path, clause, { keyword: restKeyword, certain: false }));
    }
    const isCovered = (name: string) =>
      isLeftOver
        ? evaluated.names.has(name) || [...evaluated.patterns].some((pattern) => regularExpression(pattern)?.test(name) !== false)
        : own.includes(name) || patterns.some((pattern) => regularExpression(pattern.name)?.test(name));
    const declared = new Set(facts.parts.flatMap((part) => Object.keys(asObject(keywordsOf(part)['properties']))));
    for (const name of new Set([...own, ...declared, ...facts.required])) {
      const schemas = propertySchemas(facts, name);
      const wanted = [
        ...(own.includes(name) ? [child(reader, 'properties', name)] : []),
        ...patterns.filter((pattern) => regularExpression(pattern.name)?.test(name) !== false).map(({ node }) => node),
        ...(rest && !isCovered(name) ? [rest] : []),
      ];
      for (const schema of wanted) {
        const inside = [...path, name];
        const refused = this.check(valuesOf(...schemas), schema, inside);
        if (refused.length === 0) continue;
        const place = { keyword: undefined, document: schemas[0] };
        if (schema.value === false || (schema === rest && rest.value === false)) {
          const at = schema === rest ? { ...place, keyword: restKeyword, at: reader } : { ...place, at: schema };
          found.push(refusal('closed', reader, documents, inside, 'may be present, but no such property is accepted', at));
        } else if (declared.has(name) || schema === rest) found.push(...refused);
        else if (schemas.length === 0) {
          const clause = 'is not described, but only some values are accepted';
          found.push(refusal('open', reader, documents, inside, clause, { ...place, at: schema, certain: false }));
        } else {
          const clause = 'fits only a general rule, which allows more than is accepted';
          found.push(refusal('partially-open', reader, documents, inside, clause, { ...place, at: schema, more: inner('It', refused[0]) }));
        }
      }
    }
    for (const { name: pattern, node } of patterns) {
      const choices = facts.parts.map((part) => choicesFor(part, (other) => other === pattern));
      found.push(...this.#checkRest(choices, node, documents, reader, path, { keyword: 'patternProperties' }));
    }
    if (rest) {
      const known = isLeftOver ? evaluated.patterns : new Set(patterns.map(({ name }) => name));
      // An empty pattern covers every name: nothing is left over.
      const isIdle = known.has('');
      const choices = facts.parts.map((part) => choicesFor(part, undefined, known));
      if (!isIdle) found.push(...this.#checkRest(choices, rest, documents, reader, path, { keyword: restKeyword }));
    }
    return found;
  }

  /** Properties that nobody names: one choice of schemas for each part of the documents' schema. */
  #checkRest(
    choices: readonly (readonly (readonly SchemaNode[])[])[],
    wanted: SchemaNode,
    documents: Values,
    reader: SchemaNode,
    path: readonly string[],
    place: { readonly keyword: string },
  ): Refusal[] {
    let combinations: (readonly SchemaNode[])[] = [[]];
    for (const options of choices) {
      combinations = combinations.flatMap((each) => options.map((option) => [...each, ...option]));
      if (combinations.length > combinationLimit) {
        return [refusal('size', reader, documents, path, 'has too many patterns of properties to compare', { ...place, certain: false })];
      }
    }
    const refused = combinations.flatMap((each) => this.check(valuesOf(...each), wanted, [...path, '*']));
    const [first] = refused;
    if (!first) return [];
    const clause =
      wanted.value === false
        ? 'may have undescribed properties, which are not accepted'
        : 'may have other properties that are not accepted';
    const more = wanted.value === false ? undefined : inner('Such a property', first);
    return [
      refusal('additional-properties', reader, documents, path, clause, {
        ...place,
        certain: refused.some(({ certain }) => certain),
        more,
      }),
    ];
  }
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

/**
 * The schemas that one part may set for a property that nobody names. With `isMatched` it is known that the name fits those patterns;
 * names that fit `covered` patterns are somebody else's.
 */
function choicesFor(
  part: SchemaNode,
  isMatched: ((pattern: string) => boolean) | undefined,
  covered: ReadonlySet<string> = new Set(),
): (readonly SchemaNode[])[] {
  const { additionalProperties, unevaluatedProperties } = keywordsOf(part);
  const patterns = children(part, 'patternProperties');
  const certain = isMatched && patterns.find(({ name }) => isMatched(name));
  if (certain) return [[certain.node]];
  const possible = patterns.filter(({ name }) => !covered.has(name)).map(({ node }) => [node]);
  if (additionalProperties !== undefined) return [[child(part, 'additionalProperties')], ...possible];
  if (unevaluatedProperties === undefined) return [[], ...possible];
  const open = [...evaluatedProperties(part).patterns].some((pattern) => !covered.has(pattern) && !isMatched?.(pattern));
  const isSure = !open && !(isMatched && evaluatedProperties(part).patterns.size > 0);
  return [isSure ? [child(part, 'unevaluatedProperties')] : [], ...possible];
}

function numberRefusals(documents: Values, facts: Facts, reader: SchemaNode, path: readonly string[]): Refusal[] {
  const keywords = keywordsOf(reader);
  const found: Refusal[] = [];
  const whole = !facts.types.has('fraction');
  for (const [kind, keyword, strict, sign, word] of [
    ['minimum', 'minimum', 'exclusiveMinimum', 1, 'less'],
    ['maximum', 'maximum', 'exclusiveMaximum', -1, 'more'],
  ] as const) {
    const own = sign === 1 ? lowest({ parts: [reader] }) : highest({ parts: [reader] });
    const theirs = sign === 1 ? lowest(facts) : highest(facts);
    if (!own || (theirs && isAtLeastAsStrict(theirs, own, sign, whole))) continue;
    const isStrict = own.exclusive && keywords[strict] !== undefined;
    const clause = `may be ${word} than ${own.limit}${isStrict ? ' or equal to it' : ''}`;
    found.push(refusal(kind, reader, documents, path, clause, { keyword: isStrict ? strict : keyword }));
  }
  const divisor = numberOf(keywords['multipleOf']);
  if (divisor !== undefined) {
    const divisors = facts.parts.map((part) => numberOf(keywordsOf(part)['multipleOf'])).filter((each) => each !== undefined);
    const divides = (each: number) => Number.isInteger(each / divisor);
    if (!divisors.some(divides) && !(whole && divides(1))) {
      found.push(refusal('multiple-of', reader, documents, path, `may be other than a multiple of ${divisor}`, { keyword: 'multipleOf' }));
    }
  }
  return found;
}

function isAtLeastAsStrict(theirs: Bound, own: Bound, sign: 1 | -1, whole: boolean): boolean {
  const normal = ({ limit, exclusive }: Bound): Bound => {
    if (!whole) return { limit: limit * sign, exclusive };
    const signed = limit * sign;
    return { limit: exclusive ? Math.floor(signed) + 1 : Math.ceil(signed), exclusive: false };
  };
  const [a, b] = [normal(theirs), normal(own)];
  return a.limit > b.limit || (a.limit === b.limit && (a.exclusive || !b.exclusive));
}

function textRefusals(documents: Values, facts: Facts, reader: SchemaNode, path: readonly string[]): Refusal[] {
  const { minLength, maxLength, pattern, format } = keywordsOf(reader);
  const found: Refusal[] = [];
  const [shortest, longest] = [numberOf(minLength) ?? 0, numberOf(maxLength) ?? Infinity];
  if (least(facts, 'minLength') < shortest) {
    found.push(refusal('min-length', reader, documents, path, `may be shorter than ${shortest} characters`, { keyword: 'minLength' }));
  }
  if (most(facts, 'maxLength') > longest) {
    found.push(refusal('max-length', reader, documents, path, `may be longer than ${longest} characters`, { keyword: 'maxLength' }));
  }
  const has = (keyword: string, value: unknown) => facts.parts.some((part) => keywordsOf(part)[keyword] === value);
  if (typeof pattern === 'string' && !['', '.*', '^.*$'].includes(pattern) && !has('pattern', pattern)) {
    const certain = !facts.parts.some((part) => keywordsOf(part)['pattern'] !== undefined || keywordsOf(part)['format'] !== undefined);
    found.push(
      refusal('pattern', reader, documents, path, `may violate the pattern \`${shortened(pattern, longestValue)}\``, {
        keyword: 'pattern',
        certain,
      }),
    );
  }
  if (typeof format === 'string' && !has('format', format)) {
    found.push(
      refusal('format', reader, documents, path, `may violate the format ${format}`, {
        keyword: 'format',
        certain: false,
        more: 'Only readers that check formats refuse it.',
      }),
    );
  }
  return found;
}

/** Cases by type, where the reader has alternatives that each take some types. */
function typeCases({ types }: Facts, reader: SchemaNode): readonly Values[] {
  const keywords = keywordsOf(reader);
  if (!['anyOf', 'oneOf', 'if', 'not', '$ref', 'allOf'].some((keyword) => keyword in keywords)) return [];
  const names = new Set([...types].map((type) => (type === 'fraction' ? 'number' : type)));
  if (names.has('number')) names.delete('integer');
  return [...names].map((type) => valuesOf(inventedSchema(reader, { type })));
}

interface Place {
  readonly keyword?: string | undefined;
  readonly certain?: boolean;
  /** The schema to show in place of the reader's. */
  readonly at?: SchemaNode;
  readonly document?: SchemaNode | undefined;
  readonly more?: string | undefined;
}

function refusal(
  kind: RefusalKind,
  reader: SchemaNode,
  documents: Values,
  path: readonly string[],
  clause: string,
  place: Place = {},
): Refusal {
  const { keyword, certain = true, at = reader, more } = place;
  const parts = [...documents.all, ...factsOf(documents).parts].filter(isWritten);
  const document = place.document ?? parts.find((node) => keyword !== undefined && keywordsOf(node)[keyword] !== undefined) ?? parts[0];
  return { kind, certain, reader: at, keyword, document, clause, more, path };
}

/** What a refusal inside says, as a sentence of its own. */
function inner(subject: string, refused: Refusal | undefined): string | undefined {
  return refused && `${subject} ${refused.clause}.`;
}

function isWritten({ pointer }: SchemaNode): boolean {
  return !pointer.includes('/~{');
}

function typeOfValue(value: unknown): 'null' | 'boolean' | 'integer' | 'fraction' | 'string' | 'array' | 'object' {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'fraction';
  return typeof value === 'boolean' ? 'boolean' : typeof value === 'string' ? 'string' : 'object';
}

function typeWords(types: readonly string[]): string {
  const names = new Set(types.map((type) => (type === 'fraction' ? 'number' : type)));
  if (names.has('number')) names.delete('integer');
  return listed([...names], 'or');
}

function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
