import type { ParsedStatement } from './statement';

/** What another migrations directory, or a schema file, of the same checkout holds. */
export interface OtherHistory<Tree = unknown> {
  /** Its path below the checkout's folder. */
  readonly title: string;
  /** The statements of its up scripts in the order in which they run. */
  readonly statements: readonly PlacedStatement<Tree>[];
}

export interface PlacedStatement<Tree = unknown> {
  /** Absolute path of the script. */
  readonly file: string;
  readonly statement: ParsedStatement<Tree>;
}

/** Finds the other migrations directories of the checkout whose scripts may create objects of the given names, the nearest first. */
export type FindOtherHistories<Tree = unknown> = (names: readonly string[]) => Promise<readonly OtherHistory<Tree>[]>;
