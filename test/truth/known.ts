import type { Aspect } from './compare';

/** A disagreement that is understood. */
export interface KnownDisagreement {
  readonly project: string;
  readonly migration: string;
  readonly aspect: Aspect;
  /** One sentence. */
  readonly cause: string;
}

/** Why server and engine disagree there, where it is known. */
export function causeOf(known: readonly KnownDisagreement[], project: string, migration: string, aspect: Aspect): string | undefined {
  return known.find((each) => each.project === project && each.migration === migration && each.aspect === aspect)?.cause;
}
