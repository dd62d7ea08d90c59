import { createHash } from 'node:crypto';
import type { ReplayScript, ReplayStep } from './observation';

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
  for (const step of chain) {
    const up = hashScript(step.up);
    const both = hash(up, step.down ? hashScript(step.down) : '');
    prefix = hash(prefix, up);
    steps.push(both);
    prefixes.push(prefix);
    roundTrips.push(hash(prefix, both));
  }
  return { steps, prefixes, roundTrips };
}

/** Hashes by identity of the script object: a chain is mostly the same objects as before. */
const known = new WeakMap<ReplayScript, string>();

function hashScript(script: ReplayScript): string {
  const before = known.get(script);
  if (before !== undefined) return before;
  const value = hashOf(partsOf(script));
  known.set(script, value);
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
