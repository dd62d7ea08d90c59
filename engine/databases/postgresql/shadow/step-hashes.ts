import { createHash } from 'node:crypto';
import type { ProbeQuery, ReplayScript, ReplaySession, ReplayStep, RoutineProbe } from '../../observation';

/** Names for the steps of a chain and for the states between them. */
export interface StepHashes {
  /** One a step, both directions. */
  readonly steps: readonly string[];
  /** The state after each step: it depends on all ups so far, and on nothing else. */
  readonly prefixes: readonly string[];
  /** What a round trip of the step depends on: the state before it and the step. */
  readonly roundTrips: readonly string[];
}

export function hashSteps(chain: readonly ReplayStep[]): StepHashes {
  const steps: string[] = [];
  const prefixes: string[] = [];
  const roundTrips: string[] = [];
  let prefix = '';
  for (const { up, down, session } of chain) {
    const before = placed.get(up);
    const isSame = before?.down === down && before?.after === prefix && before.session === session;
    const place = isSame ? before : placeOf(up, down, session, prefix);
    placed.set(up, place);
    prefix = place.prefix;
    steps.push(place.step);
    prefixes.push(place.prefix);
    roundTrips.push(place.roundTrip);
  }
  return { steps, prefixes, roundTrips };
}

/** A step after a state. */
interface PlacedStep {
  readonly down: ReplayScript | undefined;
  readonly session: ReplaySession | undefined;
  readonly after: string;
  readonly step: string;
  readonly prefix: string;
  readonly roundTrip: string;
}

function placeOf(up: ReplayScript, down: ReplayScript | undefined, session: ReplaySession | undefined, after: string): PlacedStep {
  const own = session ? hash(hashScript(up), JSON.stringify(session)) : hashScript(up);
  const step = hash(own, down ? hashScript(down) : '');
  const prefix = hash(after, own);
  return { down, session, after, step, prefix, roundTrip: hash(prefix, step) };
}

/** By identity of the script objects: a chain is mostly the same objects as before. */
const placed = new WeakMap<ReplayScript, PlacedStep>();
const known = new WeakMap<ReplayScript, string>();

function hashScript(script: ReplayScript): string {
  const before = known.get(script);
  if (before !== undefined) return before;
  const value = hashOf(partsOf(script));
  known.set(script, value);
  return value;
}

/** A name for a set of queries in their order. */
export function hashQueries(queries: readonly ProbeQuery[]): string {
  return hashOf(queries.map(hashQuery));
}

/** A name for the routines that are tried at a step. */
export function hashRoutines(routines: readonly RoutineProbe[]): string {
  return hashOf(routines.flatMap(({ statement, sql }) => [String(statement), sql]));
}

const knownQueries = new WeakMap<ProbeQuery, string>();

function hashQuery(query: ProbeQuery): string {
  const before = knownQueries.get(query);
  if (before !== undefined) return before;
  const value = hash(query.sql, JSON.stringify(query.writes ?? null));
  knownQueries.set(query, value);
  return value;
}

function* partsOf({ transaction, sends, statements }: ReplayScript): Iterable<string> {
  yield transaction;
  yield sends;
  for (const { control, text } of statements) {
    yield control ?? '';
    yield text;
  }
}

function hash(...parts: readonly string[]): string {
  return hashOf(parts);
}

function hashOf(parts: Iterable<string>): string {
  const digest = createHash('sha1');
  for (const part of parts) digest.update(`${part.length}:`).update(part);
  return digest.digest('base64');
}
