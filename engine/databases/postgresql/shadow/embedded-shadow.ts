import type { Shadow } from '../../observation';

/** A shadow with counts of what it did. */
export interface EmbeddedShadow extends Required<Shadow> {
  readonly statistics: ShadowStatistics;
}

/** Since the shadow was created. For tests and diagnosis. */
export interface ShadowStatistics {
  /** Statements of scripts that were sent to the server. */
  readonly statementsRun: number;
  /** How often a database was opened. */
  readonly opens: number;
  /** Copies of the database that were made. */
  readonly basesMade: number;
  /** Workers that were lost. */
  readonly workersLost: number;
}
