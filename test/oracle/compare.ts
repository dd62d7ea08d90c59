import { type Difference, type Facts, type OracleStatement, referenceMajor } from './statements';

/** A server that was measured. */
export interface Place {
  readonly major: number;
  readonly where: 'embedded' | 'servers';
}

/** One fact that is not as the data say. */
export interface Unexplained {
  readonly statement: string;
  readonly fact: keyof Facts;
  readonly expected: string;
  readonly measured: string;
}

/** The differences from the reference that apply at a place, in the order of the data. */
export function differencesAt(statement: OracleStatement, place: Place): readonly Difference[] {
  return (statement.differences ?? []).filter(
    ({ from = 0, to = Infinity, where }) => place.major >= from && place.major <= to && (where === undefined || where === place.where),
  );
}

/** What the statement is expected to do at a place. */
export function expectedFacts(statement: OracleStatement, place: Place): Facts {
  return differencesAt(statement, place).reduce<Facts>((facts, difference) => ({ ...facts, ...difference.facts }), statement.facts);
}

/** Every fact of the measured statements that neither the reference nor an explained difference predicts. */
export function unexplained(statements: readonly OracleStatement[], measured: ReadonlyMap<string, Facts>, place: Place): Unexplained[] {
  return statements.flatMap((statement) => {
    const found = measured.get(statement.name);
    if (!found) return [{ statement: statement.name, fact: 'error' as const, expected: 'a measurement', measured: 'nothing' }];
    return differing(statement.name, expectedFacts(statement, place), found);
  });
}

/** True when the statement does exactly what it does on the reference. */
export function isAsReference(statement: OracleStatement, measured: Facts | undefined): boolean {
  return measured !== undefined && differing(statement.name, statement.facts, measured).length === 0;
}

/** Explained differences whose explanation nothing needs: the place does as the reference does. */
export function unneeded(statements: readonly OracleStatement[], measured: ReadonlyMap<string, Facts>, place: Place): string[] {
  return statements
    .filter((statement) => differencesAt(statement, place).length > 0 && isAsReference(statement, measured.get(statement.name)))
    .map((statement) => statement.name);
}

/** `PostgreSQL 14`, `the embedded engine`, with a mark for the reference. */
export function placeName({ major, where }: Place): string {
  if (where === 'embedded') return `embedded ${major}`;
  return major === referenceMajor ? `${major} (reference)` : String(major);
}

function differing(statement: string, expected: Facts, measured: Facts): Unexplained[] {
  const facts = ['locks', 'rewrites', 'scans', 'error'] as const;
  return facts.flatMap((fact) => {
    const [wanted, found] = [shown(expected[fact]), shown(measured[fact])];
    return wanted === found ? [] : [{ statement, fact, expected: wanted, measured: found }];
  });
}

function shown(value: Facts[keyof Facts]): string {
  if (value === undefined) return 'none';
  if (typeof value === 'string') return value;
  const parts = Array.isArray(value)
    ? [...(value as readonly string[])]
    : Object.entries(value).map(([relation, mode]) => `${relation}:${mode}`);
  return parts.sort().join(' ') || 'none';
}
