import { compareFacts, compareRows } from '../catalogue/differences';
import type { Difference, Facts } from '../../fact';
import { readFacts } from '../catalogue/facts';
import { hashRows, type RowHashes } from '../catalogue/fingerprint';
import { writtenCatalogs, type Catalog, type CatalogCounters } from './catalog';
import { readTouched } from './observe-statement';
import type { Wire } from './wire';

/** What is compared before and after. */
export interface State {
  readonly facts: Facts;
  readonly rows: RowHashes;
}

/**
 * What a transaction has touched so far. States are only comparable when they are read over the same scope: an object that
 * came into scope between two reads looks as if it had been missing.
 */
export class Scope {
  readonly #oids = new Set<number>();
  readonly #catalogs = new Set<string>();
  #counters: CatalogCounters = [];

  constructor(
    readonly wire: Wire,
    readonly catalog: Catalog,
  ) {}

  async begin(): Promise<void> {
    this.#counters = (await readTouched(this.wire)).counters;
  }

  async learn(): Promise<void> {
    const { counters, locked } = await readTouched(this.wire);
    this.#add(locked);
    for (const name of writtenCatalogs(this.#counters, counters)) this.#catalogs.add(name);
    this.#add((await this.catalog.refresh(this.#counters, counters)).touched);
    this.#add(locked);
    this.#counters = counters;
  }

  async state(): Promise<State> {
    return { facts: await this.facts(), rows: await hashRows(this.wire, this.#oids) };
  }

  facts(): Promise<Facts> {
    return readFacts(this.wire, this.#oids, this.#catalogs);
  }

  /** An index stands for its table too, which the catalog knows only while the index exists. */
  #add(oids: Iterable<number>): void {
    for (const oid of oids) {
      this.#oids.add(oid);
      const parent = this.catalog.relation(oid)?.parent ?? 0;
      if (parent > 0) this.#oids.add(parent);
    }
  }
}

export function differencesOf(before: State, after: State): Difference[] {
  return [...compareFacts(before.facts, after.facts), ...compareRows(before.rows, after.rows)];
}
