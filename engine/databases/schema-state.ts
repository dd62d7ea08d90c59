import type { Properties } from './fact';

/** What a database holds, in short: equal states have equal fingerprints. The journal (schema `mem8_upgrade`) does not count. */
export interface StateFingerprint {
  /** `schema2:<hex>` over the catalog. */
  readonly schema: string;
  /** `sha256:<hex>` over the rows of every table, in whatever order, and the positions of the sequences. */
  readonly rows: string;
  /** `sha256:<hex>` over both. */
  readonly combined: string;
  /** Sorted by name. Contents of materialized views are derived from the tables and left out. */
  readonly tables: readonly TableFingerprint[];
  readonly sequences: readonly SequencePosition[];
  /** As `schema`, without what changes when a definition is printed and read back: casts and parentheses in expressions. */
  readonly looseSchema: string;
}

export interface TableFingerprint {
  /** Qualified, quoted where needed. */
  readonly name: string;
  readonly rows: number;
  /** `sha256:<hex>` */
  readonly hash: string;
}

export interface SequencePosition {
  readonly name: string;
  readonly lastValue: string;
  readonly isCalled: boolean;
}

/** A schema in short. Equal schemas have equal fingerprints. */
export interface SchemaState {
  /** `schema2:<hex>` */
  readonly fingerprint: string;
  /** Each object, e.g. `column public.memories.valence`, with a hash of its definition, so that a difference can be named. */
  readonly objects: Readonly<Record<string, string>>;
}

/** A fingerprint together with the facts that it was made from, so that a difference can be named. */
export interface CapturedState {
  readonly fingerprint: StateFingerprint;
  /** What counts of each object, e.g. of `column public.memories.valence`. */
  readonly facts: ReadonlyMap<string, Properties>;
  /** True when the database holds a journal. */
  readonly hasJournal: boolean;
}
