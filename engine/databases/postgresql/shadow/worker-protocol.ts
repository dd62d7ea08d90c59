import type {
  ProbeQuery,
  ReplayStep,
  RoundTrip,
  RoutineOutcome,
  RoutineProbe,
  ShadowLimits,
  StatementObservation,
  StepProbe,
  UnseededTable,
} from '../../observation';
import type { RowsLevel } from './without-rows';

/** What host and shadow worker say to each other. The host sends one request at a time and waits for `done` or `failed`. */

/** Handed to the worker when it starts. */
export interface WorkerStart {
  readonly assets: string;
  readonly limits: ShadowLimits;
  /** `cellSize` integers that both sides see; see `cell`. */
  readonly cell: SharedArrayBuffer;
  /** As in `ReplayOptions`. */
  readonly once: boolean;
  /** True when the worker ends before code that was compiled for speed pays. */
  readonly brief: boolean;
}

/** Why a statement or query was given up on, and over which made-up rows: over fewer, a statement may be run again. */
export interface GivenUpOn {
  readonly reason: 'time' | 'memory' | 'crash';
  readonly rows: RowsLevel;
}

/** Statements and queries that were given up on earlier, by their text. */
export type GivenUp = readonly (readonly [text: string, GivenUpOn])[];

/** Slots of the shared cell. The watchdog reads them while the worker is blocked in a statement. */
export const cell = {
  /** 1 when the host wants the running request to stop at the next statement. */
  cancel: 0,
  /** Grows at the start and at the end of everything that may take long. */
  beat: 1,
  /** 1 while a statement of a script runs, 2 while a query is tried, 0 otherwise. */
  inStatement: 2,
  /** The statement that runs or ran last: its step, 0 for up or 1 for down, its index. */
  step: 3,
  down: 4,
  statement: 5,
  /** Counters for `ShadowStatistics`. */
  statementsRun: 6,
  opens: 7,
  basesMade: 8,
  /** The query that is tried or was tried last, by its place at the step. */
  query: 9,
  /** The made-up rows that the statement found: a `RowsLevel`. */
  rows: 10,
} as const;
export const cellSize = 16;

export type RequestKind = 'observe' | 'rehearse' | 'probe';

export interface WorkerRequest {
  readonly kind: RequestKind;
  readonly id: number;
  /** Hashes of the steps, in order. A step's text is sent once; see `steps`. */
  readonly chain: readonly string[];
  /** The state after the first n+1 ups, as a hash of their texts. */
  readonly prefixes: readonly string[];
  /** The steps of the chain that the previous request did not have. */
  readonly steps: readonly (readonly [hash: string, step: ReplayStep])[];
  /** Indexes of the steps whose result is wanted, ascending. */
  readonly wanted: readonly number[];
  /** What is tried at each wanted step; empty unless that is the request. */
  readonly queries: readonly (readonly ProbeQuery[])[];
  /** The routines that are tried at each wanted step while it is observed; a step that was sent before may have others. */
  readonly routines: readonly (readonly RoutineProbe[])[];
  /** Index of the first step that differs from the chain before: it is likely to change again. */
  readonly changedAt: number;
  /** Indexes of the wanted steps that are rehearsed after they were observed. */
  readonly rehearsing: readonly number[];
  readonly givenUp: GivenUp;
}

/** What depends on nothing but the ups so far. */
export interface ObservedStep {
  readonly statements: readonly StatementObservation[];
  readonly unseeded: readonly UnseededTable[];
  readonly routines: readonly RoutineOutcome[];
}

export type WorkerMessage =
  | { readonly type: 'ready'; readonly serverVersion: string }
  | { readonly type: 'observed'; readonly id: number; readonly index: number; readonly observed: ObservedStep }
  | { readonly type: 'rehearsed'; readonly id: number; readonly index: number; readonly roundTrip: RoundTrip }
  | { readonly type: 'probed'; readonly id: number; readonly index: number; readonly probe: StepProbe }
  /** The request ended; `stopped` when the host had asked for it. */
  | { readonly type: 'done'; readonly id: number; readonly stopped: boolean }
  /** The instance is of no more use. `inStatement` when the statement in the cell ruined it. */
  | { readonly type: 'failed'; readonly inStatement: boolean; readonly reason: 'memory' | 'crash'; readonly message: string };
