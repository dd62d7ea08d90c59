import type { Goal } from './command-line';

/** What a run is doing at the moment, for the status bar and the views. */
export interface RunActivity {
  readonly goal: Goal;
  /** Undefined before the first step. */
  readonly step?: { readonly step: number; readonly steps: number; readonly title: string };
}
