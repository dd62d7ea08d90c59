import type { TargetSession } from '../../databases/target';
import { dumpedFacts, exactFacts } from '../../databases/postgresql/catalogue/cosmetic';
import { areComparable, captureState } from '../../databases/postgresql/catalogue/fingerprint';
import type { CapturedState, StateFingerprint } from '../../databases/schema-state';

/** How a copy was made decides how exactly it must agree. */
type Exactness =
  /** A copy of the files: every fact, row and sequence. */
  | 'exact'
  /** Printed and read back: the same meaning of every definition, every row; sequences, which no snapshot holds, may have moved on. */
  | 'dump';

export function exactnessOf(kind: 'data-directory' | 'dump' | 'database'): Exactness {
  return kind === 'dump' ? 'dump' : 'exact';
}

const schemaDiffers = 'The schema differs.';

/** Compares states. The difference is told in words, because "the fingerprints differ" helps nobody. */
export class StateVerifier {
  /** Reads the state that a session sees. @throws DatabaseFailure, ProblemError */
  capture(session: TargetSession): Promise<CapturedState> {
    return captureState(session);
  }

  /** @returns up to a few sentences about what differs; empty when the states agree */
  differences(expected: StateFingerprint, actual: StateFingerprint, exactness: Exactness): string[] {
    const found: string[] = [];
    const sameSchema = exactness === 'exact' ? expected.schema === actual.schema : expected.looseSchema === actual.looseSchema;
    if (!sameSchema && areComparable(expected.schema, actual.schema)) found.push(schemaDiffers);
    const rest = new Map(actual.tables.map((table) => [table.name, table]));
    for (const table of expected.tables) {
      const other = rest.get(table.name);
      rest.delete(table.name);
      if (!other) found.push(`${table.name} is missing.`);
      else if (other.rows !== table.rows) found.push(`${table.name} has ${other.rows} rows instead of ${table.rows}.`);
      else if (other.hash !== table.hash) found.push(`${table.name} has the same number of rows but different values.`);
    }
    for (const name of rest.keys()) found.push(`${name} is unexpected.`);
    found.push(...this.#sequenceDifferences(expected, actual, exactness));
    return found;
  }

  /** As `differences`, naming the objects whose definitions differ. What a dump leaves out by design is no difference. */
  stateDifferences(expected: CapturedState, actual: CapturedState, exactness: Exactness): string[] {
    const found = this.differences(expected.fingerprint, actual.fingerprint, exactness);
    if (found[0] !== schemaDiffers) return found;
    const comparable = (facts: CapturedState['facts']) => (exactness === 'exact' ? exactFacts(facts) : dumpedFacts(facts));
    const [before, after] = [comparable(expected.facts), comparable(actual.facts)];
    const objects = [...new Set([...before.keys(), ...after.keys()])].filter((object) => before.get(object) !== after.get(object));
    if (objects.length === 0) return found.slice(1);
    return [
      `The schema differs in ${objects.slice(0, 5).join(', ')}${objects.length > 5 ? ` and ${objects.length - 5} more` : ''}.`,
      ...found.slice(1),
    ];
  }

  #sequenceDifferences(expected: StateFingerprint, actual: StateFingerprint, exactness: Exactness): string[] {
    const positions = new Map(actual.sequences.map((sequence) => [sequence.name, sequence]));
    return expected.sequences.flatMap((sequence) => {
      const other = positions.get(sequence.name);
      if (!other) return [`Sequence ${sequence.name} is missing.`];
      const same = other.lastValue === sequence.lastValue && other.isCalled === sequence.isCalled;
      if (same || (exactness === 'dump' && BigInt(other.lastValue) > BigInt(sequence.lastValue))) return [];
      return [`Sequence ${sequence.name} is at ${other.lastValue} instead of ${sequence.lastValue}.`];
    });
  }
}
