import type { LockMode, RoundTrip, StatementObservation } from '#engine/databases/observation';
import { inWords, isRestored } from './server/compare-states';
import type { MigrationTruth } from './server/migration-truth';
import type { StatementFacts } from './server/statement-meter';

export const aspects = ['up', 'down', 'up again', 'schema', 'rows', 'locks', 'rewrites', 'scans', 'errors'] as const;
export type Aspect = (typeof aspects)[number];

/** What the embedded engine says of a migration. */
export interface Evidence {
  readonly roundTrip: RoundTrip | undefined;
  readonly statements: readonly StatementObservation[] | undefined;
}

/** An aspect in which server and engine were held against each other. */
export interface Comparison {
  readonly aspect: Aspect;
  readonly result: 'same' | 'other' | 'not comparable';
  readonly server: string;
  readonly engine: string;
}

/** Compares everything that can be compared of one migration. Aspects that do not apply are left out. */
export function compareMigration(truth: MigrationTruth, { roundTrip, statements }: Evidence): Comparison[] {
  const seen = compareStatements(truth.statements, statements);
  // What was measured without rows says little of what the engine saw with some.
  const isOnEmptyTables = truth.onRows?.script === 'up';
  return [
    ...compareTrips(truth, roundTrip),
    ...seen.map((each) => (isOnEmptyTables && mayDependOnRows(each) ? { ...each, result: 'not comparable' as const } : each)),
  ];
}

const onRows: readonly Aspect[] = ['rows', 'locks', 'scans', 'rewrites', 'errors'];

/** True for a disagreement that other rows may be the reason of. */
export function mayDependOnRows({ aspect, result }: Comparison): boolean {
  return result === 'other' && onRows.includes(aspect);
}

/**
 * Takes back disagreements that are none with rows like the engine's: server and engine saw different rows there.
 * @param second what the server does with such rows, compared
 */
export function withSecondOpinion(first: readonly Comparison[], second: readonly Comparison[] | undefined): Comparison[] {
  return first.map((each) => {
    const other = mayDependOnRows(each) ? second?.find(({ aspect }) => aspect === each.aspect) : undefined;
    return other && other.result !== 'other' ? { ...each, result: 'not comparable' } : each;
  });
}

function compareTrips(truth: MigrationTruth, trip: RoundTrip | undefined): Comparison[] {
  if (!trip) return [unknown('up', outcome(truth.up), 'no round trip')];
  const { failure } = trip;
  const up = compareOutcome('up', truth.up, trip.up === 'error' ? failure : undefined);
  if (truth.up || trip.up === 'error') return [up];
  const hasDown = truth.schema !== undefined || truth.down !== undefined;
  if (!hasDown && trip.down === 'none') return [up];
  const down = compareOutcome('down', truth.down, trip.down === 'error' ? failure : undefined);
  if (truth.down || trip.down !== 'ok' || !truth.schema) return [up, down, { ...down, aspect: 'schema' }];
  const again = compareOutcome('up again', truth.upAgain, trip.upAgain === 'error' ? failure : undefined);
  return [up, down, again, compareSchema(truth.schema, trip), compareRowVerdicts(truth, trip)];
}

function compareSchema(schema: NonNullable<MigrationTruth['schema']>, trip: RoundTrip): Comparison {
  const differing = schema.filter(({ cosmetic }) => cosmetic === undefined);
  const server = differing.length === 0 ? 'restored' : `not restored: ${listed(differing.map(inWords))}`;
  const isSame = isRestored(schema) === trip.schemaRestored;
  return { aspect: 'schema', result: isSame ? 'same' : 'other', server, engine: trip.schemaRestored ? 'restored' : trip.message };
}

function compareRowVerdicts({ rows, onRows, unseeded }: MigrationTruth, trip: RoundTrip): Comparison {
  const aspect = 'rows';
  if (!rows) return unknown(aspect, `made-up rows stop the ${onRows?.script ?? 'up'}: ${onRows?.message ?? ''}`, rowsOf(trip));
  const server = rows.length === 0 ? 'restored' : `not restored: ${listed(rows.map(({ what }) => what))}`;
  if (trip.rowsRestored === null) return unknown(aspect, server, 'does not know');
  if ((rows.length === 0) === trip.rowsRestored) return { aspect, result: 'same', server, engine: rowsOf(trip) };
  // A table that only the other side could fill says nothing.
  const tables = rows.length > 0 ? rows.map(({ table }) => table) : trip.differences.filter(isAboutRows).map(tableOf);
  const empty = new Set((rows.length > 0 ? (trip.unseeded ?? []) : unseeded).map(({ table }) => bare(table)));
  if (tables.every((table) => empty.has(bare(table)))) return unknown(aspect, server, rowsOf(trip));
  return { aspect, result: 'other', server, engine: rowsOf(trip) };
}

function isAboutRows({ object, cosmetic }: RoundTrip['differences'][number]): boolean {
  return object.startsWith('rows ') && !cosmetic;
}

function tableOf({ object }: RoundTrip['differences'][number]): string {
  return object.slice('rows '.length);
}

function bare(name: string): string {
  return name.replaceAll('"', '');
}

function rowsOf({ rowsRestored, differences }: RoundTrip): string {
  if (rowsRestored === null) return 'does not know';
  if (rowsRestored) return 'restored';
  const differing = differences.filter(isAboutRows);
  return `not restored: ${listed(differing.map((each) => `the rows of ${tableOf(each)} ${each.kind} (${each.columns?.join(', ') ?? `${each.before} before, ${each.after} after`})`))}`;
}

function compareOutcome(aspect: Aspect, truth: MigrationTruth['up'], failure: RoundTrip['failure']): Comparison {
  const error = failure?.error;
  const engine = error ? `fails: ${error.sqlstate} ${error.message}` : 'works';
  const server = outcome(truth);
  if (error?.gaveUp) return unknown(aspect, server, engine);
  return { aspect, result: truth?.sqlstate === error?.sqlstate ? 'same' : 'other', server, engine };
}

function outcome(failure: MigrationTruth['up']): string {
  return failure ? `fails: ${failure.sqlstate} ${failure.message}` : 'works';
}

function unknown(aspect: Aspect, server: string, engine: string): Comparison {
  return { aspect, result: 'not comparable', server, engine };
}

function compareStatements(truths: readonly StatementFacts[], seen: readonly StatementObservation[] | undefined): Comparison[] {
  const indexes = indexNames(seen ?? []);
  const found = truths.flatMap((truth, index) => compareStatement(truth, seen?.[index], index + 1, indexes));
  const observed = (['locks', 'rewrites', 'scans', 'errors'] as const).map((aspect): Comparison => {
    const own = found.filter((each) => each.aspect === aspect);
    const other = own.filter(({ result }) => result === 'other');
    const known = own.filter(({ result }) => result !== 'not comparable');
    if (other.length === 0)
      return { aspect, result: known.length > 0 || own.length === 0 ? 'same' : 'not comparable', server: '', engine: '' };
    return { aspect, result: 'other', server: listed(other.map((each) => each.server)), engine: listed(other.map((each) => each.engine)) };
  });
  return observed;
}

/** Only tables are compared. */
function indexNames(seen: readonly StatementObservation[]): Set<string> {
  return new Set(seen.flatMap(({ locks }) => locks.flatMap(({ relation, relationKind }) => (isTable(relationKind) ? [] : relation))));
}

function isTable(kind: string): boolean {
  return kind === 'r' || kind === 'p' || kind === 'm';
}

function compareStatement(
  truth: StatementFacts,
  seen: StatementObservation | undefined,
  place: number,
  indexes: ReadonlySet<string>,
): Comparison[] {
  const errors = (): Comparison => {
    const [server, engine] = [truth.error, seen?.error].map(
      (error) => `statement ${place} ${error ? `fails: ${error.sqlstate} ${error.message}` : 'works'}`,
    );
    const isKnown = seen !== undefined && seen.error?.gaveUp === undefined;
    const result = !isKnown ? 'not comparable' : truth.error?.sqlstate === seen.error?.sqlstate ? 'same' : 'other';
    return { aspect: 'errors', result, server: server ?? '', engine: engine ?? '' };
  };
  const compared = [errors()];
  if (!truth.isKnown || !seen?.locksKnown || truth.error || seen.error || seen.rowsError) return compared;
  const locks: Record<string, LockMode> = {};
  for (const { relation, relationKind, mode, existedBefore } of seen.locks) {
    if (existedBefore && isTable(relationKind) && mode !== 'AccessShare') locks[relation] = mode;
  }
  const rewrites = seen.rewrites.filter((name) => !indexes.has(name));
  const pairs = [
    ['locks', shownLocks(truth.locks ?? {}), shownLocks(locks)],
    ['rewrites', [...(truth.rewrites ?? [])], rewrites],
    ['scans', [...(truth.scans ?? [])], [...seen.scans]],
  ] as const;
  for (const [aspect, server, engine] of pairs) {
    const [onlyServer, onlyEngine] = [server.filter((each) => !engine.includes(each)), engine.filter((each) => !server.includes(each))];
    const result = onlyServer.length + onlyEngine.length === 0 ? 'same' : 'other';
    const shown = (each: readonly string[]) => `statement ${place} ${each.join(', ') || 'no more'}`;
    compared.push({ aspect, result, server: shown(onlyServer), engine: shown(onlyEngine) });
  }
  return compared;
}

function shownLocks(locks: Readonly<Record<string, LockMode>>): string[] {
  return Object.entries(locks).map(([table, mode]) => `${table} ${mode}`);
}

function listed(parts: readonly string[]): string {
  const more = parts.length > 4 ? ` and ${parts.length - 4} more` : '';
  return `${parts.slice(0, 4).join('; ')}${more}`;
}
