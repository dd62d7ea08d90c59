import { createShadow } from '#engine/databases/postgresql/shadow/shadow';
import { serverFeatures } from '#engine/databases/postgresql/sql/server-versions';
import { differencesAt, isAsReference, type Place, placeName, unexplained, type Unexplained } from './compare';
import { measureEmbedded } from './measure-embedded';
import { isTooOld } from './measure-features';
import { measureMajors, type MeasuredMajor } from './measure-majors';
import { type Facts, statements } from './statements';

export interface ReportOptions {
  readonly majors: readonly number[];
  /** The folder of the built shadow worker. */
  readonly dist: string;
  readonly print: (line: string) => void;
}

interface Column {
  readonly place: Place;
  readonly facts: ReadonlyMap<string, Facts>;
  readonly unexplained: readonly Unexplained[];
}

/**
 * Measures every statement on the embedded engine and on real servers, and prints where they agree with the reference and what
 * explains the differences.
 * @returns how many differences nothing explains
 */
export async function reportOracle({ majors, dist, print }: ReportOptions): Promise<number> {
  const columns = [await embeddedColumn(dist)];
  const measured = await measureMajors(majors);
  for (const [major, { facts, missing }] of [...measured].sort(([one], [other]) => one - other)) {
    if (missing !== undefined) print(`PostgreSQL ${major} is not measured: ${missing}`);
    if (facts) columns.push(columnOf({ major, where: 'servers' }, facts));
  }
  printTable(columns, print);
  printExplanations(columns, print);
  const differences = columns.flatMap(({ place, unexplained: found }) => found.map((each) => ({ place, ...each })));
  if (differences.length > 0) print('\nWithout an explanation:');
  for (const { place, statement, fact, expected, measured: found } of differences) {
    print(`  ${placeName(place)}, ${statement}: ${fact} ${found}, expected ${expected}`);
  }
  const wrong = [...measured].flatMap(([major, { features }]) => wrongFeatures(major, features));
  for (const line of wrong) print(line);
  const total = differences.length + wrong.length;
  print(
    `\n${statements.length} statements and ${serverFeatures.length} features, ${columns.length} servers: ${total} differences without an explanation.`,
  );
  return total;
}

async function embeddedColumn(dist: string): Promise<Column> {
  const shadow = await createShadow({ worker: `${dist}/shadow-worker.js`, assets: `${dist}/pglite` });
  try {
    return columnOf({ major: Number.parseInt(shadow.serverVersion, 10), where: 'embedded' }, await measureEmbedded(shadow, statements));
  } finally {
    await shadow.dispose();
  }
}

function columnOf(place: Place, facts: ReadonlyMap<string, Facts>): Column {
  return { place, facts, unexplained: unexplained(statements, facts, place) };
}

/** `=` as the reference, `~` an explained difference, `!` one without explanation. */
function printTable(columns: readonly Column[], print: (line: string) => void): void {
  const width = Math.max(...statements.map(({ name }) => name.length));
  const heads = columns.map(({ place }) => placeName(place));
  print(`${'statement'.padEnd(width)}  ${heads.join('  ')}`);
  for (const statement of statements) {
    const marks = columns.map(({ facts, unexplained: found }, index) => {
      const isWrong = found.some((each) => each.statement === statement.name);
      const mark = isWrong ? '!' : isAsReference(statement, facts.get(statement.name)) ? '=' : '~';
      return mark.padEnd(heads[index]?.length ?? 1);
    });
    print(`${statement.name.padEnd(width)}  ${marks.join('  ').trimEnd()}`);
  }
}

function printExplanations(columns: readonly Column[], print: (line: string) => void): void {
  print('\nDifferences from the reference:');
  for (const statement of statements) {
    for (const difference of statement.differences ?? []) {
      const where = columns
        .filter(({ place }) => differencesAt(statement, place).includes(difference))
        .map(({ place }) => placeName(place));
      if (where.length > 0) print(`  ${statement.name} (${where.join(', ')}): ${difference.because}`);
    }
  }
}

function wrongFeatures(major: number, features: MeasuredMajor['features'] = []): string[] {
  return features.flatMap(({ example, refusal }) => {
    const since = serverFeatures.find(({ feature }) => feature === example.feature)?.since ?? 0;
    const isRight = major < since ? isTooOld(refusal) : refusal === undefined;
    return isRight ? [] : [`  ${major}, ${example.feature} (since ${since}): ${refusal?.message ?? 'accepted'}: ${example.sql}`];
  });
}
