import type { RelationName } from '../../databases/observation';

/** What is known of one table of a live target. */
export interface TableSize {
  /** Estimated number of rows. */
  readonly rows: number;
  /** Size on disk with indexes, bytes. */
  readonly bytes: number;
  /** Rows inserted, updated and deleted per second over the time that was measured; undefined when it is not known. */
  readonly writesPerSecond: number | undefined;
}

/** The statistics file of a repository: sizes of the tables of a live target. Tables that it does not name are of unknown size. */
export interface TableStatistics {
  /** Absolute path of the file. */
  readonly file: string;
  /** When it was taken, ISO 8601. */
  readonly takenAt: string;
  readonly tables: ReadonlyMap<RelationName, TableSize>;
}
