import { isSame, type SameMemory } from '../json-schema/same-schema';
import { compareValues } from './allowed-values';
import type { Flow, Headline } from './change';
import { type Changes, type Reached, reached } from './changes';
import { comparedAlternatives } from './composition';
import type { Part } from './description';
import { compareDiscriminator } from './discriminator';
import { compareLimits } from './limits';
import { compareConditions, compareDefault, comparePattern } from './schema-conditions';
import { compareItems } from './schema-items';
import { schemaNode } from './schema-node';
import { SchemaPair, type SchemaPairs, type WaitingPair } from './schema-pair';
import { compareAdditionalProperties, compareProperties } from './schema-properties';
import { compareFormat, compareTypes } from './schema-types';
import { messagesOf, type SchemaUse } from './schema-use';
import { standsFor } from './schema-view';
import { formInside } from './text-values';
import { referencesOfUnchanged } from './unchanged';

/**
 * Compares pairs of schemas. A pair is compared once for each flow, whoever refers to it and however often, so recursive schemas end and
 * the work is bounded by the number of different pairs. Pairs wait in a list: depth costs no stack.
 */
export class SchemaComparison implements SchemaPairs {
  readonly #pairs = new Map<string, WaitingPair>();
  readonly #waiting: WaitingPair[] = [];
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
      pair = { older: left, newer: right, use: { ...named, subject: this.#subject(use, component) }, reached: reached() };
      this.#pairs.set(key, pair);
      this.#waiting.push(pair);
    }
    pair.reached.parents.add(from);
  }

  /** Compares what waits. */
  run(): void {
    for (let pair = this.#waiting[this.#done]; pair; pair = this.#waiting[++this.#done]) {
      const { flow, inside, path, subject, text: form } = pair.use;
      const references = referencesOfUnchanged(pair.older, pair.newer, flow);
      if (!references) comparePair(new SchemaPair(this, pair));
      const text = formInside(form, 'property');
      for (const [older, newer] of references ?? [])
        this.compare(older, newer, { flow, where: inside, inside, path, subject, text }, pair.reached);
    }
  }

  /** Whether two schemas say the same, words aside, whatever the schemas that they refer to are called. */
  isSame(older: Part, newer: Part, flow: Flow): boolean {
    return isSame(schemaNode(older, flow), schemaNode(newer, flow), this.#same[flow]);
  }

  #subject(use: SchemaUse, component: string | undefined): Headline {
    if (component === undefined || use.where.endsWith('parameter') || use.where.endsWith('header')) return use.subject;
    return () => `\`${component}\` in ${messagesOf(use)}`;
  }
}

/** Compares one pair, without what is inside its properties and items. */
function comparePair(pair: SchemaPair): void {
  if (comparedAlternatives(pair)) return;
  const types = compareTypes(pair);
  if (types === 'apart') return;
  const isRetyped = types === 'retyped';
  if (!isRetyped) compareFormat(pair);
  compareValues(pair, isRetyped);
  compareLimits(pair.older, pair.newer, (what, impacts, fact, part, before) => {
    // No number is an empty text.
    if (isRetyped && what.startsWith('min-length') && Number((part ?? before)?.value) <= 1) return;
    pair.report(what, impacts, fact, part, before);
  });
  comparePattern(pair, isRetyped);
  compareConditions(pair);
  compareDefault(pair);
  compareDiscriminator(pair);
  compareItems(pair);
  compareProperties(pair);
  compareAdditionalProperties(pair);
}
