import type { Facts, Values } from './facts';
import type { Place, Refusal } from './refusal';
import type { SchemaNode } from './schema-bundle';

/** Documents that are held against a reader, with what is known of them. */
export interface Comparison extends Place {
  readonly facts: Facts;
  readonly comparer: Comparer;
}

/** Compares the schemas inside of others, and remembers what it found. */
export interface Comparer {
  /** What a reader does not accept of the documents; nothing where it accepts all of them. */
  check(documents: Values, reader: SchemaNode, path: readonly string[]): readonly Refusal[];
  /** True where no value can be in them for certain. */
  isEmpty(values: Values): boolean;
  /** Whether two schemas say the same, words aside. */
  isSame(a: SchemaNode, b: SchemaNode): boolean;
}
