import type { TargetSession } from '../../databases/target';
import type { Catalogue, Exactness } from '../../databases/database';
import type { CapturedState, StateFingerprint } from '../../databases/schema-state';

export function exactnessOf(kind: 'data-directory' | 'dump' | 'database'): Exactness {
  return kind === 'dump' ? 'dump' : 'exact';
}

const schemaDiffers = 'The schema differs.';

/** Compares states. The difference is told in words, because "the fingerprints differ" helps nobody. */
export class StateVerifier {
  constructor(readonly catalogue: Catalogue) {}

  /** Reads the state that a session sees. @throws DatabaseFailure, ProblemError */
  capture(session: TargetSession): Promise<CapturedState> {
    return this.catalogue.captureState(session);
  }

  /** Indexes that a dump of the state leaves out. */
  leftOutOfDump(state: CapturedState): readonly string[] {
    return this.catalogue.leftOutOfDump(state);
  }

  /** @returns up to a few sentences about what differs; empty when the states agree */
  differences(expected: StateFingerprint, actual: StateFingerprint, exactness: Exactness): string[] {
    const found: string[] = [];
    const sameSchema = exactness === 'exact' ? expected.schema === actual.schema : expected.looseSchema === actual.looseSchema;
    if (!sameSchema && this.catalogue.areComparable(expected.schema, actual.schema)) found.push(schemaDiffers);
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
    const before = this.catalogue.copiedFacts(expected, exactness);
    const after = this.catalogue.copiedFacts(actual, exactness);
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
