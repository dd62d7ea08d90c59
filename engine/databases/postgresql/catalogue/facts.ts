import { compareCodePoints } from '../../../core/paths';
import { embeddedMajor } from '../embedded/major-version';
import type { TargetSession } from '../../target';
import type { Fact, Facts } from '../../fact';
import { commonFactQueries } from './fact-queries';
import { factSqlFor, type FactQuery, planOnce, type Purpose } from './fact-sql';
import { rareFactQueries } from './rare-fact-queries';

/** A connection that answers with the texts of all rows of all statements. */
export interface TextRows {
  rows(sql: string): Promise<readonly (readonly (string | null)[])[]>;
}

function factQueries(purpose: Purpose, major: number): FactQuery[] {
  const sql = factSqlFor(purpose, major);
  return [...commonFactQueries(sql), ...rareFactQueries(sql)];
}

const rehearsed = factQueries('rehearsal', embeddedMajor);

/** Statements to prepare once per connection for `readFacts`. */
export const factPreparations: readonly string[] = rehearsed.map(
  ({ query }, index) => `PREPARE mem8_facts_${index}(oid[]) AS SELECT x.*, ${index} FROM (${query}) x(object, properties, grouping)`,
);

class FactMap extends Map<string, Fact> implements Facts {
  constructor(readonly queries: ReadonlySet<number>) {
    super();
  }
}

/**
 * Describes the objects in scope, in the embedded database.
 * @param scope oids of relations, types, functions, ... in any mixture; indexes and constraints are described with their table
 * @param written the catalogs that can differ between the states to be compared; undefined for all
 */
export async function readFacts(wire: TextRows, scope: Iterable<number>, written: ReadonlySet<string> | undefined): Promise<Facts> {
  const asked = rehearsed.flatMap(({ catalogs }, index) => (!written || catalogs.some((name) => written.has(name)) ? index : []));
  const facts = new FactMap(new Set(asked));
  if (asked.length === 0) return facts;
  const argument = `'{${[...scope].join(',')}}'`;
  await wire.rows(`SAVEPOINT mem8_facts; ${planOnce}; SET LOCAL search_path = ''`);
  const rows = await wire.rows(asked.map((index) => `EXECUTE mem8_facts_${index}(${argument})`).join(';'));
  await wire.rows('ROLLBACK TO SAVEPOINT mem8_facts; RELEASE SAVEPOINT mem8_facts');
  // The server tells the objects of one query in no certain order.
  const sorted = [...rows].sort((a, b) => Number(a[3]) - Number(b[3]) || compareCodePoints(a[0] ?? '', b[0] ?? ''));
  for (const [object, properties, group, query] of sorted) {
    if (object) facts.set(object, { properties: flat(properties ?? '{}'), group: group ?? '', query: Number(query) });
  }
  return facts;
}

/** Whose objects a record describes: not those of the system, of extensions and of the journal. */
const ours = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'mem8_upgrade')";
const notMember = (catalog: string) =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = x.oid AND e.deptype = 'e')`;
const inOurs = (catalog: string, schema: string) =>
  `SELECT x.oid FROM ${catalog} x JOIN pg_namespace n ON n.oid = x.${schema} WHERE ${ours} AND ${notMember(catalog)}`;

/** The oids of what a record describes. Of comments the objects that have them. */
const recordedScope = [
  `SELECT x.oid FROM (SELECT n.oid, n.nspname FROM pg_namespace n WHERE ${ours}) x WHERE ${notMember('pg_namespace')}`,
  inOurs('pg_class', 'relnamespace'),
  inOurs('pg_type', 'typnamespace'),
  inOurs('pg_proc', 'pronamespace'),
  inOurs('pg_statistic_ext', 'stxnamespace'),
  'SELECT oid FROM pg_extension',
  `SELECT d.objoid FROM pg_description d, LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
   WHERE d.objoid >= 16384 AND coalesce(i.schema, '') NOT IN ('pg_catalog', 'information_schema', 'mem8_upgrade')
     AND i.identity NOT LIKE 'mem8\\_upgrade%' AND i.identity NOT LIKE '% on mem8\\_upgrade.%'`,
].join(' UNION ');

/**
 * Describes the schema of a target for a record, in code point order of the objects.
 * @param session in a transaction with the search path `pg_catalog`
 * @throws DatabaseFailure, ProblemError when the connection is lost
 */
export async function readSchemaFacts(session: TargetSession): Promise<Map<string, Fact>> {
  const scope = await session.query<{ oid: number }>(recordedScope);
  const queries = factQueries('record', parseInt(session.serverVersion, 10));
  const rows = await session.query<{ object: string | null; properties: string; group: string }>(
    queries
      .map(({ query }) => `SELECT x.object, x.properties::text, x."group" FROM (${query}) x(object, properties, "group")`)
      .join(' UNION ALL ')
      // A literal, because the server hashes a list only where it knows it when it plans: a parameter is searched for each row.
      .replaceAll('$1', `'{${scope.map(({ oid }) => oid).join(',')}}'::pg_catalog.oid[]`),
  );
  const facts = rows.map(({ object, properties, group }) => [object ?? '', { properties: flat(properties), group, query: 0 }] as const);
  return new Map(facts.sort(([a], [b]) => compareCodePoints(a, b)));
}

/** `{"privileges": {"app": "SELECT"}}` as `{"privileges of app": "SELECT"}`. */
function flat(json: string): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const [name, value] of Object.entries(JSON.parse(json) as Record<string, unknown>)) {
    if (typeof value !== 'object' || value === null) properties[name] = String(value);
    else for (const [part, text] of Object.entries(value)) properties[`${name} of ${part}`] = String(text);
  }
  return properties;
}
