import { capitalised, sentences } from '../../../../core/wording';
import type { ApiImpact } from '../api-format';
import { refusals } from '../json-schema/inclusion';
import { isSame, type SameMemory } from '../json-schema/same-schema';
import { matchAlternatives, type MatchedAlternatives, type Renaming } from './alternatives';
import {
  type Changes,
  type Draft,
  type Flow,
  type Headline,
  type Impacts,
  narrowed,
  perhapsNarrowed,
  perhapsWidened,
  type Reached,
  reached,
  replaced,
  unclear,
  widened,
} from './changes';
import type { Part } from './description';
import { lifecycleChanges, removal } from './lifecycle';
import { compareLimits } from './limits';
import { valueOfSeveral } from './overlap';
import { isSymbolic, schemaNode } from './schema-node';
import { fingerprint, schemaView, type SchemaView, standsFor, typeText } from './schema-view';
import { acceptsTextsOf, fitsAsText, formInside, isList, isSingle, listsBooleans, mayHoldSeparator, type TextForm } from './text-values';
import { referencesOfUnchanged } from './unchanged';
import { kebab, shown, shownList } from './words';

/** Where a schema is used: what its findings are called, and who sends the data. */
export interface SchemaUse {
  readonly flow: Flow;
  /** The beginning of ids, e.g. `request-body`, `webhook-response-header`. */
  readonly where: string;
  /** The beginning of ids for what is inside, e.g. `request-property`. */
  readonly inside: string;
  /** What headlines call the value, e.g. "The query parameter `limit` of `GET /orders`". */
  readonly subject: Headline;
  /** The path that headlines call inner values by; empty at the top of an unnamed schema. */
  readonly path: string;
  /** Set for what travels as plain text. */
  readonly text?: TextForm | undefined;
  /** True where it is judged elsewhere whether the value may be null. */
  readonly nullAside?: boolean;
}

interface Pair extends SchemaUse {
  readonly older: Part;
  readonly newer: Part;
  readonly reached: Reached;
}

/**
 * Compares pairs of schemas. A pair is compared once for each flow, whoever refers to it and however often, so recursive schemas end and
 * the work is bounded by the number of different pairs. Pairs wait in a list: depth costs no stack.
 */
export class SchemaComparison {
  readonly #pairs = new Map<string, Pair>();
  readonly #waiting: Pair[] = [];
  readonly #same: Readonly<Record<Flow, SameMemory>> = {
    sent: { same: new Set(), different: new Set() },
    received: { same: new Set(), different: new Set() },
  };
  #done = 0;

  constructor(readonly changes: Changes) {}

  /** Compares two schemas, now or later; `from` is what refers to them. */
  compare(older: Part, newer: Part, use: SchemaUse, from: Reached): void {
    const [left, right] = [standsFor(older), standsFor(newer)];
    const scope = /^(webhook|callback)-/.exec(use.where)?.[0] ?? '';
    const key = `${scope}${use.flow} ${use.text ?? ''} ${use.nullAside === true ? 'null' : ''} ${left.key} ${right.key}`;
    let pair = this.#pairs.get(key);
    if (!pair) {
      const component = right.schemaName;
      const named = component === undefined ? use : { ...use, path: component };
      pair = { ...named, subject: this.#subject(use, component), older: left, newer: right, reached: reached() };
      this.#pairs.set(key, pair);
      this.#waiting.push(pair);
    }
    pair.reached.parents.add(from);
  }

  /** Compares what waits. */
  run(): void {
    for (let pair = this.#waiting[this.#done]; pair; pair = this.#waiting[++this.#done]) {
      const references = referencesOfUnchanged(pair.older, pair.newer, pair.flow);
      if (!references) new PairComparison(this, pair).run();
      const { flow, inside, path, subject } = pair;
      const text = formInside(pair.text, 'property');
      for (const [older, newer] of references ?? [])
        this.compare(older, newer, { flow, where: inside, inside, path, subject, text }, pair.reached);
    }
  }

  /** Whether two schemas say the same, words aside, whatever the schemas that they refer to are called. */
  isSame(older: Part, newer: Part, flow: Flow): boolean {
    return isSame(schemaNode(older, flow), schemaNode(newer, flow), this.#same[flow]);
  }

  get size(): number {
    return this.#pairs.size;
  }

  #subject(use: SchemaUse, component: string | undefined): Headline {
    if (component === undefined || use.where.endsWith('parameter') || use.where.endsWith('header')) return use.subject;
    return () => `\`${component}\` in ${messagesOf(use)}`;
  }
}

/** The comparison of one pair, without what is inside its properties and items. */
class PairComparison {
  readonly older: SchemaView;
  readonly newer: SchemaView;
  /** True for texts that have other types than before and fit all the same. */
  #isRetyped = false;

  constructor(
    readonly all: SchemaComparison,
    readonly pair: Pair,
  ) {
    this.older = schemaView(pair.older);
    this.newer = schemaView(pair.newer);
  }

  run(): void {
    if (this.#comparedAlternatives()) return;
    if (!this.#compareTypes()) return;
    this.#compareFormat();
    this.#compareValues();
    compareLimits(this.older, this.newer, (what, impacts, fact, part, before) => {
      // No number is an empty text.
      if (this.#isRetyped && what.startsWith('min-length') && Number((part ?? before)?.value) <= 1) return;
      this.report(what, impacts, fact, part, before);
    });
    this.#comparePattern();
    this.#compareConditions();
    this.#compareDefault();
    this.#compareDiscriminator();
    this.#compareItems();
    this.#compareProperties();
    this.#compareAdditionalProperties();
  }

  /** @param fact follows the subject in the headline */
  report(
    what: string,
    impacts: Impacts,
    fact: string,
    part: Part | undefined,
    before: Part | undefined,
    details?: string,
    subject = this.pair.subject,
  ): void {
    const impact = impacts[this.pair.flow];
    this.add({
      id: `${this.pair.where}-${what}`,
      impact,
      message: (operations) => `${subject(operations)} ${fact}`,
      details: sentences(details, consequence(impact, this.pair)),
      part: part ?? this.pair.newer,
      before: before ?? this.pair.older,
    });
  }

  add(draft: Draft): void {
    this.all.changes.add(draft, this.pair.reached);
  }

  /** Goes on inside, e.g. at a property. */
  #inside(older: Part, newer: Part, path: string, kind: 'property' | 'item' = 'property'): void {
    const { flow, inside } = this.pair;
    const text = formInside(this.pair.text, kind);
    const subject: Headline = () => `\`${path}\` in ${messagesOf(this.pair)}`;
    this.all.compare(older, newer, { flow, where: inside, inside, path, subject, text }, this.pair.reached);
  }

  /** The path of a property or item in headlines. */
  #path(name: string): string {
    return this.pair.path === '' ? name : `${this.pair.path}.${name}`;
  }

  /** @returns whether the types have something in common, so that the rest can be compared */
  #compareTypes(): boolean {
    const { older, newer } = this;
    const [before, now] = [older.types, newer.types];
    const [atOlder, atNewer] = [older.at('type'), newer.at('type')];
    if (!before || !now) {
      if (older.alternatives.length > 0 || newer.alternatives.length > 0) return true;
      if (now) this.report('type-added', perhapsNarrowed, `now has the type ${typeText(now)}`, atNewer, atOlder);
      if (before) this.report('type-removed', perhapsWidened, `no longer has the type ${typeText(before)}`, atNewer, atOlder);
      return true;
    }
    const gone = [...before].filter((type) => !now.has(type));
    const come = [...now].filter((type) => !before.has(type));
    const fact = `changes from ${typeText(before)} to ${typeText(now)}`;
    const goesOn = gone.length > 0 && come.length > 0 ? this.#compareTexts(fact) : undefined;
    if (goesOn !== undefined) return goesOn;
    if (gone.length > 0 && come.length > 0) this.report('type-changed', replaced, fact, atNewer, atOlder);
    else if (gone.length > 0) this.report('type-narrowed', narrowed, fact, atNewer, atOlder);
    else if (come.length > 0) this.report('type-widened', widened, fact, atNewer, atOlder);
    if (this.pair.nullAside !== true) this.#compareNull(atOlder, atNewer);
    return gone.length === 0 || come.length === 0 || [...now].some((type) => before.has(type));
  }

  #compareNull(atOlder: Part | undefined, atNewer: Part | undefined): void {
    const { older, newer } = this;
    const nullAt = [newer.at('nullable') ?? atNewer, older.at('nullable') ?? atOlder] as const;
    if (newer.nullable && !older.nullable) this.report('became-nullable', widened, 'can now be null', ...nullAt);
    if (older.nullable && !newer.nullable) this.report('became-not-nullable', narrowed, 'can no longer be null', ...nullAt);
  }

  /** What a change of types means for plain texts, in which 1 and "1" are the same. @returns undefined where it means what it says */
  #compareTexts(fact: string): boolean | undefined {
    const { flow, text, where, inside, subject, path } = this.pair;
    if (!text) return undefined;
    const isSent = flow === 'sent';
    const [writer, reader] = isSent ? [this.older, this.newer] : [this.newer, this.older];
    const [atOlder, atNewer] = [this.older.at('type'), this.newer.at('type')];
    const fits = () => this.report(isSent ? 'type-widened' : 'type-narrowed', isSent ? widened : narrowed, fact, atNewer, atOlder);
    if (fitsAsText(writer, reader)) {
      this.#isRetyped = true;
      fits();
      return true;
    }
    if (text === 'leaf' || text === 'form') return undefined;
    if (isList(writer) && isSingle(reader) && text === 'separated' && reader.types?.has('string')) {
      this.report('type-changed', unclear, fact, atNewer, atOlder);
      return false;
    }
    if (!isSingle(writer) || !isList(reader) || Number(reader.at('minItems')?.value ?? 0) > 1) return undefined;
    // A single value reads as a list of one.
    if (text === 'separated' && mayHoldSeparator(writer))
      this.report('type-changed', unclear, fact, atNewer, atOlder, 'A value that contains a separator becomes several values.');
    else fits();
    const items = reader.at('items');
    const use = { flow, where, inside, subject, path, text: 'leaf' as const };
    if (items && isSent) this.all.compare(this.pair.older, items, use, this.pair.reached);
    else if (items) this.all.compare(items, this.pair.newer, use, this.pair.reached);
    return false;
  }

  #compareFormat(): void {
    if (this.#isRetyped) return;
    const [atOlder, atNewer] = [this.older.at('format'), this.newer.at('format')];
    const [before, now] = [atOlder?.value, atNewer?.value];
    if (before === now) return;
    const wider = new Map([
      ['int32', 'int64'],
      ['float', 'double'],
      ['date', 'date-time'],
    ]);
    const fact = `changes its format from ${shown(before)} to ${shown(now)}`;
    if (before === undefined) this.report('format-added', perhapsNarrowed, `now has the format ${shown(now)}`, atNewer, atOlder);
    else if (now === undefined)
      this.report('format-removed', perhapsWidened, `no longer has the format ${shown(before)}`, atNewer, atOlder);
    else if (before !== 'date' && wider.get(String(before)) === now) this.report('format-widened', widened, fact, atNewer, atOlder);
    else if (now !== 'date' && wider.get(String(now)) === before) this.report('format-narrowed', narrowed, fact, atNewer, atOlder);
    else this.report('format-changed', replaced, fact, atNewer, atOlder);
  }

  #compareValues(): void {
    const { older, newer } = this;
    const [before, now] = this.#isRetyped ? [valuesAsTexts(older), valuesAsTexts(newer)] : [older.values, newer.values];
    this.#compareExtensibleValues();
    if (!before && !now) return;
    if (this.#isRetyped && ((isBoolean(older) && listsBooleans(now)) || (isBoolean(newer) && listsBooleans(before)))) return;
    if (!before) {
      const what = now?.keyword === 'const' ? 'const-added' : 'enum-added';
      const allowed = shownList(now?.list.map((value) => value.text) ?? [], 'The allowed values are');
      return this.report(what, narrowed, `now allows only ${allowed.text}`, now?.part, older.at('type'), allowed.details);
    }
    if (!now) {
      if (before.keyword === 'const')
        return this.report(
          'const-removed',
          widened,
          `is no longer limited to ${shown(before.list[0]?.text)}`,
          newer.at('type'),
          before.part,
        );
      return this.report('enum-removed', perhapsWidened, 'is no longer limited to certain values', newer.at('type'), before.part);
    }
    const open = [older.at('x-extensible-enum'), newer.at('x-extensible-enum')].some((part) => part !== undefined && part.value !== false);
    const gone = before.list.filter((value) => !now.list.some((other) => other.text === value.text));
    const come = now.list.filter((value) => !before.list.some((other) => other.text === value.text));
    if (before.keyword === 'const' && now.keyword === 'const') {
      if (gone.length > 0)
        this.report(
          'const-changed',
          replaced,
          `changes its value from ${shown(gone[0]?.text)} to ${shown(come[0]?.text)}`,
          now.part,
          before.part,
        );
      return;
    }
    for (const value of gone) this.report('enum-value-removed', narrowed, `can no longer be ${shown(value.text)}`, now.part, value.part);
    for (const value of come) {
      const impacts: Impacts = open ? { sent: 'addition', received: 'neutral' } : perhapsWidened;
      const details = open ? 'The description tells clients to expect new values.' : undefined;
      this.report('enum-value-added', impacts, `can now be ${shown(value.text)}`, value.part, before.part, details);
    }
  }

  /** `x-extensible-enum` as a list holds the known values of a set that may grow. */
  #compareExtensibleValues(): void {
    const [before, now] = [this.older.at('x-extensible-enum'), this.newer.at('x-extensible-enum')];
    if (!Array.isArray(before?.value) || !Array.isArray(now?.value)) return;
    const texts = (part: Part) => part.children.map((item) => fingerprint(item.value));
    const [known, left] = [texts(before), texts(now)];
    for (const item of before.children) {
      const text = fingerprint(item.value);
      if (!left.includes(text)) this.report('x-extensible-enum-value-removed', narrowed, `no longer lists ${shown(text)}`, now, item);
    }
    for (const item of now.children) {
      const text = fingerprint(item.value);
      if (!known.includes(text))
        this.report('x-extensible-enum-value-added', { sent: 'addition', received: 'neutral' }, `now lists ${shown(text)}`, item, before);
    }
  }

  #comparePattern(): void {
    const [before, now] = [this.older.at('pattern'), this.newer.at('pattern')];
    if (before?.value === now?.value) return;
    if (this.#isRetyped && (acceptsTextsOf(now?.value, this.older) || acceptsTextsOf(before?.value, this.newer))) return;
    const [was, is] = [before, now].map((part) => String(part?.value));
    if (!before) this.report('pattern-added', perhapsNarrowed, 'now has a pattern', now, before, `It must match ${is}.`);
    else if (!now) this.report('pattern-removed', perhapsWidened, 'no longer has a pattern', now, before, `It had to match ${was}.`);
    else this.report('pattern-changed', unclear, 'changes its pattern', now, before, `It had to match ${was} and must now match ${is}.`);
  }

  /** Keywords whose meaning cannot be told apart further: having one more is narrower, having one less is wider. */
  #compareConditions(): void {
    for (const keyword of conditions) {
      const [before, now] = [this.older.at(keyword), this.newer.at(keyword)];
      if (fingerprint(before?.value) === fingerprint(now?.value)) continue;
      const name = kebab(keyword);
      if (!before) this.report(`${name}-added`, narrowed, `now has the condition \`${keyword}\``, now, before);
      else if (!now) this.report(`${name}-removed`, widened, `no longer has the condition \`${keyword}\``, now, before);
      else this.report(`${name}-changed`, unclear, `changes its condition \`${keyword}\``, now, before);
    }
  }

  #compareDefault(): void {
    if (this.pair.flow === 'received') return;
    const [before, now] = [this.older.at('default'), this.newer.at('default')];
    const [beforeText, nowText] = [fingerprint(before?.value), fingerprint(now?.value)];
    if (beforeText === nowText || (this.pair.text && before && now && String(before.value) === String(now.value))) return;
    const what = !before ? 'default-added' : !now ? 'default-removed' : 'default-changed';
    const [was, is] = [shown(beforeText), shown(nowText)];
    const fact = !before
      ? `now has the default ${is}`
      : !now
        ? `no longer has the default ${was}`
        : `changes its default from ${was} to ${is}`;
    this.add({
      id: `${this.pair.where}-${what}`,
      impact: 'risky',
      message: (operations) => `${this.pair.subject(operations)} ${fact}`,
      details: `${capitalised(messagesOf(this.pair))} that leave it out are handled differently.`,
      part: now ?? this.pair.newer,
      before: before ?? this.pair.older,
    });
  }

  #compareDiscriminator(): void {
    const [before, now] = [this.older.at('discriminator'), this.newer.at('discriminator')];
    if (!before && !now) return;
    if (!before)
      return this.report(
        'discriminator-added',
        perhapsNarrowed,
        `now has the discriminator \`${String(now?.fields.propertyName)}\``,
        now,
        before,
      );
    if (!now) return this.report('discriminator-removed', perhapsWidened, 'no longer has a discriminator', now, before);
    const [name, newName] = [before.get('propertyName'), now.get('propertyName')];
    if (name?.value !== newName?.value) {
      this.report(
        'discriminator-changed',
        replaced,
        `changes its discriminator from \`${String(name?.value)}\` to \`${String(newName?.value)}\``,
        newName,
        name,
      );
    }
    const [mapping, newMapping] = [before.get('mapping'), now.get('mapping')];
    for (const entry of mapping?.children ?? []) {
      const other = newMapping?.get(entry.name);
      if (!other)
        this.report(
          'discriminator-value-removed',
          narrowed,
          `no longer has the discriminator value \`${entry.name}\``,
          newMapping ?? now,
          entry,
        );
      else if (other.value !== entry.value && !this.#meansTheSame(entry, other))
        this.report(
          'discriminator-value-changed',
          unclear,
          `maps the discriminator value \`${entry.name}\` to another schema`,
          other,
          entry,
        );
    }
    for (const entry of newMapping?.children ?? []) {
      if (!mapping?.get(entry.name))
        this.report(
          'discriminator-value-added',
          perhapsWidened,
          `now has the discriminator value \`${entry.name}\``,
          entry,
          mapping ?? before,
        );
    }
  }

  #meansTheSame(entry: Part, other: Part): boolean {
    const [target, newTarget] = [mapped(entry), mapped(other)];
    return target !== undefined && newTarget !== undefined && this.all.isSame(target, newTarget, this.pair.flow);
  }

  #compareItems(): void {
    const [before, now] = [this.older.at('items'), this.newer.at('items')];
    if (before && now) this.#inside(before, now, `${this.pair.path}[]`, 'item');
    else if (now && !isAnything(now)) this.report('items-restricted', perhapsNarrowed, 'now restricts its items', now, before);
    else if (before && !isAnything(before)) this.report('items-unrestricted', perhapsWidened, 'no longer restricts its items', now, before);
    const [tuple, newTuple] = [this.older.at('prefixItems'), this.newer.at('prefixItems')];
    const [items, newItems] = [tuple?.children ?? [], newTuple?.children ?? []];
    for (const [index, item] of items.entries()) {
      const other = newItems[index];
      if (other) this.#inside(item, other, `${this.pair.path}[${index}]`, 'item');
    }
    if (newItems.length === items.length) return;
    const [id, impacts] =
      newItems.length < items.length
        ? (['prefix-items-removed', { sent: 'breaking', received: 'risky' }] as const)
        : (['prefix-items-added', { sent: 'risky', received: 'breaking' }] as const);
    this.report(id, impacts, `now describes ${newItems.length} first items instead of ${items.length}`, newTuple, tuple);
  }

  #compareProperties(): void {
    const { older, newer } = this;
    for (const [name, property] of older.properties) {
      const other = newer.properties.get(name);
      if (other) this.#compareProperty(name, property, other);
      else if (this.#isVisible(property)) this.#propertyRemoved(name, property);
    }
    for (const [name, property] of newer.properties) {
      if (!older.properties.has(name) && this.#isVisible(property)) this.#propertyAdded(name, property);
    }
    // Names that are required and described nowhere.
    for (const [name, item] of newer.required) {
      if (!older.required.has(name) && !newer.properties.has(name) && !older.properties.has(name)) this.#requiredNow(name, item, undefined);
    }
    for (const [name, item] of older.required) {
      if (!newer.required.has(name) && !newer.properties.has(name) && !older.properties.has(name)) this.#optionalNow(name, item);
    }
  }

  /** What is only read is no part of what is sent, and the other way round. */
  #isVisible(property: Part): boolean {
    return schemaView(property).at(this.pair.flow === 'sent' ? 'readOnly' : 'writeOnly')?.value !== true;
  }

  #compareProperty(name: string, property: Part, other: Part): void {
    const [before, now] = [this.#isVisible(property), this.#isVisible(other)];
    const path = this.#path(name);
    const required = [before && this.older.required.has(name), now && this.newer.required.has(name)] as const;
    if (before && !now) {
      const sent = this.pair.flow === 'sent';
      const keyword = sent ? 'readOnly' : 'writeOnly';
      this.#property(
        sent ? 'became-read-only' : 'became-write-only',
        { sent: 'risky', received: this.older.required.has(name) ? 'breaking' : 'risky' },
        name,
        sent ? 'is now read-only' : 'is now write-only',
        schemaView(other).at(keyword),
        property,
        sent ? 'A value that is sent is ignored or refused.' : 'Clients no longer get it.',
      );
      return;
    }
    if (!before && now) {
      const keyword = this.pair.flow === 'sent' ? 'readOnly' : 'writeOnly';
      const what = this.pair.flow === 'sent' ? 'became-not-read-only' : 'became-not-write-only';
      this.#property(
        what,
        { sent: 'addition', received: 'addition' },
        name,
        this.pair.flow === 'sent' ? 'is no longer read-only' : 'is no longer write-only',
        other,
        schemaView(property).at(keyword) ?? property,
      );
    }
    if (!before && !now) return;
    if (!required[0] && required[1]) this.#requiredNow(name, this.newer.required.get(name), other);
    if (required[0] && !required[1]) this.#optionalNow(name, this.older.required.get(name));
    for (const draft of lifecycleChanges(
      stagedPart(property),
      stagedPart(other),
      this.pair.inside,
      () => `\`${path}\` in ${messagesOf(this.pair)}`,
      this.all.changes.options,
    ))
      this.add(draft);
    const [all, others] = [this.older.declarations.get(name) ?? [property], this.newer.declarations.get(name) ?? [other]];
    if (all.length !== others.length) return this.#inside(property, other, path);
    for (const [index, declaration] of all.entries()) this.#inside(declaration, others[index] ?? other, path);
  }

  #requiredNow(name: string, item: Part | undefined, property: Part | undefined): void {
    const hasDefault = property !== undefined && schemaView(property).at('default') !== undefined;
    this.#property(
      'became-required',
      { sent: hasDefault ? 'risky' : 'breaking', received: 'neutral' },
      name,
      this.pair.flow === 'sent' ? 'is now required' : 'is now always present',
      item,
      this.older.properties.get(name),
      this.#refusedWithout(hasDefault),
    );
  }

  /** What becomes of data without a required property. */
  #refusedWithout(hasDefault: boolean): string | undefined {
    if (this.pair.flow === 'received') return undefined;
    const messages = capitalised(messagesOf(this.pair));
    return hasDefault ? `${messages} without it may be refused, although it has a default.` : `${messages} without it are refused.`;
  }

  #optionalNow(name: string, item: Part | undefined): void {
    this.#property(
      'became-optional',
      { sent: 'addition', received: 'breaking' },
      name,
      this.pair.flow === 'sent' ? 'is now optional' : 'can now be missing',
      this.newer.properties.get(name),
      item,
    );
  }

  #propertyAdded(name: string, property: Part): void {
    const closed = this.older.at('additionalProperties')?.value === false;
    const before = this.older.at('properties');
    if (this.pair.flow === 'sent' && this.newer.required.has(name)) {
      const hasDefault = schemaView(property).at('default') !== undefined;
      return this.#property(
        'added-required',
        { sent: hasDefault ? 'risky' : 'breaking', received: 'addition' },
        name,
        'is new and required',
        property,
        before,
        this.#refusedWithout(hasDefault),
      );
    }
    const details = closed ? 'The older description rules out additional properties.' : undefined;
    this.#property('added', { sent: 'addition', received: closed ? 'risky' : 'addition' }, name, 'is new', property, before, details);
  }

  #propertyRemoved(name: string, property: Part): void {
    const { flow } = this.pair;
    const elsewhere = this.newer.alternatives.some((group) => group.members.some((member) => schemaView(member).properties.has(name)));
    const closed = this.newer.at('additionalProperties')?.value === false;
    const required = this.older.required.has(name);
    const certain = !elsewhere && (flow === 'sent' ? closed : required);
    const { suffix, text } = removal(stagedPart(property), this.all.changes.options);
    const impact: ApiImpact = certain ? 'breaking' : 'risky';
    const refused = closed ? `${capitalised(messagesOf(this.pair))} with it are refused.` : 'A value that is sent is ignored or refused.';
    const missed = required ? 'Clients that rely on it fail.' : 'Clients that read it do not find it.';
    const what = suffix === '-before-sunset' ? `removed${suffix}` : required && flow === 'received' ? 'required-removed' : 'removed';
    this.add({
      id: `${this.pair.inside}-${what}`,
      impact,
      message: `\`${this.#path(name)}\` is removed from ${messagesOf(this.pair)}`,
      details: `${flow === 'sent' ? refused : missed} ${text}`,
      part: this.newer.at('properties') ?? this.pair.newer,
      before: property,
      gone: stagedPart(property),
    });
  }

  /** @param details in place of the usual consequence */
  #property(
    what: string,
    impacts: Impacts,
    name: string,
    fact: string,
    part: Part | undefined,
    before: Part | undefined,
    details?: string,
  ): void {
    const impact = impacts[this.pair.flow];
    this.add({
      id: `${this.pair.inside}-${what}`,
      impact,
      message: `\`${this.#path(name)}\` in ${messagesOf(this.pair)} ${fact}`,
      details: details ?? consequence(impact, this.pair),
      part: part ?? this.pair.newer,
      before: before ?? this.pair.older,
    });
  }

  #compareAdditionalProperties(): void {
    const { older, newer } = this;
    if ([older, newer].some((view) => view.types && !view.types.has('object'))) return;
    for (const keyword of ['additionalProperties', 'unevaluatedProperties']) {
      const [before, now] = [older.at(keyword), newer.at(keyword)];
      const states = [openness(before), openness(now)] as const;
      const name = kebab(keyword);
      const others = name.replace('-', ' ');
      if (states[0] === 'schema' && states[1] === 'schema' && before && now) this.#inside(before, now, this.#path('*'));
      else if (states[0] === states[1]) continue;
      else if (states[1] === 'closed') this.report(`${name}-forbidden`, narrowed, `no longer allows ${others}`, now, before);
      else if (states[0] === 'closed') this.report(`${name}-allowed`, perhapsWidened, `now allows ${others}`, now, before);
      else if (states[1] === 'schema') this.report(`${name}-restricted`, perhapsNarrowed, `now restricts its ${others}`, now, before);
      else this.report(`${name}-unrestricted`, perhapsWidened, `no longer restricts its ${others}`, now, before);
    }
  }

  /** @returns true when the alternatives tell everything, so that the rest is not compared */
  #comparedAlternatives(): boolean {
    const { older, newer } = this;
    if (older.alternatives.length === 0 && newer.alternatives.length === 0) return false;
    const wrapped = older.alternatives.length === 0 || newer.alternatives.length === 0;
    if (wrapped) return this.#compareWrapped();
    if (older.alternatives.length !== newer.alternatives.length) {
      this.report(
        'alternatives-changed',
        unclear,
        'changes its groups of alternatives',
        newer.alternatives[0]?.part,
        older.alternatives[0]?.part,
      );
      return false;
    }
    for (const [index, group] of older.alternatives.entries()) {
      const other = newer.alternatives[index];
      if (other) this.#compareGroups(group.part, group.members, other.part, other.members);
    }
    return false;
  }

  /** One side is a plain schema and the other has alternatives: the plain one may be one of them. */
  #compareWrapped(): boolean {
    const { older, newer } = this;
    const plainIsOlder = older.alternatives.length === 0;
    const [plain, rich] = plainIsOlder ? [older, newer] : [newer, older];
    const group = rich.alternatives[0];
    if (!group) return false;
    const { pairs } = plainIsOlder
      ? matchAlternatives([plain.part], group.members, false, this.#renaming)
      : swapped(matchAlternatives(group.members, [plain.part], false, this.#renaming));
    const fits = (member: SchemaView) => this.pair.text !== undefined && (fitsAsText(plain, member) || fitsAsText(member, plain));
    const match =
      pairs[0]?.[1] ??
      group.members.find((member) => sameType(schemaView(member), plain)) ??
      group.members.find((member) => fits(schemaView(member)));
    const hasBase = rich.at('properties') !== undefined || rich.at('type') !== undefined;
    if (match && !hasBase) {
      const place = plainIsOlder ? plain.part : group.part;
      this.#compareNull(plainIsOlder ? plain.at('type') : group.part, plainIsOlder ? group.part : plain.at('type'));
      if (plainIsOlder) this.#compareGroups(place, [plain.part], group.part, group.members, [[plain.part, match]]);
      else this.#compareGroups(group.part, group.members, plain.part, [plain.part], [[match, plain.part]]);
      return true;
    }
    if (plainIsOlder)
      this.report('alternatives-added', hasBase ? perhapsNarrowed : unclear, 'now has alternatives', group.part, plain.part);
    else this.report('alternatives-removed', hasBase ? perhapsWidened : unclear, 'no longer has alternatives', plain.part, group.part);
    return !hasBase;
  }

  /** Whether a whole schema takes everything that an alternative of the other one can be. */
  #accepts(alternative: Part, whole: Part): boolean {
    const { flow, text } = this.pair;
    const views = [schemaView(whole), ...schemaView(whole).alternatives.flatMap(({ members }) => members.map(schemaView))];
    if (text) return views.some((view) => fitsAsText(schemaView(alternative), view));
    return refusals(schemaNode(alternative, flow), schemaNode(whole, flow)).length === 0;
  }

  /** What was accepted and fits several alternatives of `oneOf` now is refused. Where a discriminator tells them apart it is not tried. */
  #compareOverlap(group: Part, members: readonly Part[], before: Part): void {
    const { flow, text, older, newer } = this.pair;
    if (flow !== 'sent' || group.name !== 'oneOf' || this.newer.at('discriminator')) return;
    // A text that is no number is a string, and one that is a number may be read as either.
    if (text && members.some((member) => schemaView(member).types?.has('string') !== false)) return;
    const [node, newNode] = [schemaNode(older, flow), schemaNode(newer, flow)];
    const found = valueOfSeveral(
      node,
      newNode,
      members.map((member) => schemaNode(member, flow)),
    );
    if (!found) return;
    const value = JSON.stringify(found.value) ?? '';
    const example = value.length > 60 || isSymbolic(found.value) ? '' : `; ${value} fits several`;
    const details = `oneOf accepts a value that fits exactly one alternative${example}.`;
    const fact = 'refuses values of several alternatives';
    this.report('alternatives-overlap', narrowed, fact, group, before, details);
  }

  get #renaming(): Renaming {
    const { flow } = this.pair;
    return {
      isSame: (older, newer) => this.all.isSame(older, newer, flow),
      isAllowed: (older, newer) => {
        if (!this.older.at('discriminator') || !this.newer.at('discriminator')) return true;
        return tagsOf(older, this.older) === tagsOf(newer, this.newer);
      },
    };
  }

  #compareGroups(
    before: Part,
    members: readonly Part[],
    now: Part,
    newMembers: readonly Part[],
    known?: readonly (readonly [Part, Part])[],
  ): void {
    const { pairs, gone, come } = known
      ? {
          pairs: known,
          gone: members.filter((member) => !known.some(([older]) => older === member)),
          come: newMembers.filter((member) => !known.some(([, newer]) => newer === member)),
        }
      : matchAlternatives(members, newMembers, true, this.#renaming);
    this.#compareOverlap(now, newMembers, before);
    for (const member of gone) {
      if (this.pair.flow === 'sent' && this.#accepts(member, this.pair.newer)) continue;
      this.report('alternative-removed', narrowed, `can no longer be ${alternativeName(member)}`, now, member);
    }
    for (const member of come) {
      if (this.pair.flow === 'received' && this.#accepts(member, this.pair.older)) continue;
      this.report('alternative-added', perhapsWidened, `can now also be ${alternativeName(member)}`, member, before);
    }
    const { flow, where, inside, subject, path, text } = this.pair;
    for (const [older, newer] of pairs) {
      const same = older.key === this.pair.older.key && newer.key === this.pair.newer.key;
      if (!same)
        this.all.compare(older, newer, { flow, where, inside, subject, path, text, nullAside: known !== undefined }, this.pair.reached);
    }
  }
}

const conditions = [
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'patternProperties',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedItems',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
];

/** Where a property says how far it is on its way to removal: beside its `$ref`, or where that leads. */
function stagedPart(property: Part): Part {
  return property.fields.deprecated === undefined ? property.resolved : property;
}

function sameType(a: SchemaView, b: SchemaView): boolean {
  return a.types !== undefined && typeText(a.types) === typeText(b.types);
}

/** The schema that an entry of a discriminator's mapping names. */
function mapped(entry: Part): Part | undefined {
  const name = String(entry.value);
  return entry.description.target(entry, /[#/.]/.test(name) ? name : `#/components/schemas/${name}`);
}

/** The values of a discriminator that stand for an alternative: those of its mapping, else the name of the schema. */
function tagsOf(alternative: Part, view: SchemaView): string {
  const { key, schemaName } = standsFor(alternative);
  const entries = view.at('discriminator')?.get('mapping')?.children ?? [];
  const names = entries.filter((entry) => mapped(entry)?.key === key).map((entry) => entry.name);
  return names.length > 0 ? names.sort().join(' ') : (schemaName ?? '');
}

function swapped({ pairs, gone, come }: MatchedAlternatives): MatchedAlternatives {
  return { pairs: pairs.map(([older, newer]) => [newer, older] as const), gone: come, come: gone };
}

function valuesAsTexts({ values }: SchemaView): SchemaView['values'] {
  return values && { ...values, list: values.list.map(({ part }) => ({ part, text: String(part.value) })) };
}

function isBoolean({ types }: SchemaView): boolean {
  return types?.size === 1 && types.has('boolean');
}

function isAnything(part: Part): boolean {
  return part.value === true || fingerprint(part.value) === '{}';
}

function openness(part: Part | undefined): 'open' | 'closed' | 'schema' {
  if (part?.value === false) return 'closed';
  return part === undefined || isAnything(part) ? 'open' : 'schema';
}

function alternativeName(part: Part): string {
  const target = standsFor(part);
  const title = schemaView(part).at('title')?.value;
  if (target.value !== part.value) return `\`${target.schemaName ?? target.name}\``;
  if (typeof title === 'string') return `\`${title}\``;
  const { types } = schemaView(part);
  return types ? typeText(types) : 'something without a type';
}

function consequence(impact: ApiImpact, { flow, where }: Pick<SchemaUse, 'flow' | 'where'>): string {
  return consequences[flow][impact](capitalised(messagesOf({ where })));
}

/** What the values of a use are part of. */
function messagesOf({ where }: Pick<SchemaUse, 'where'>): string {
  const caller = /^(webhook|callback)-/.exec(where)?.[1];
  return `${caller === undefined ? '' : `${caller} `}${where.includes('response') ? 'responses' : 'requests'}`;
}

const consequences: Readonly<Record<Flow, Readonly<Record<ApiImpact, (messages: string) => string>>>> = {
  sent: {
    breaking: (messages) => `${messages} that were valid until now are refused.`,
    risky: (messages) => `${messages} that were valid until now may be refused.`,
    addition: (messages) => `${messages} that were refused until now are accepted.`,
    neutral: () => 'Clients do not have to change.',
  },
  received: {
    breaking: () => 'Clients get what the older description rules out.',
    risky: () => 'Clients may get what they do not expect.',
    addition: () => 'Clients can use it.',
    neutral: () => 'Clients do not have to change.',
  },
};
