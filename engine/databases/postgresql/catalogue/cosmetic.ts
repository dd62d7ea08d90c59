import type { Fact, Properties, PropertyChange } from '../../fact';

/** What does not count between two schemas. */

/** Told after a rehearsal, but no failure; no part of the schema of a release. The order of a composite type's attributes is in its values. */
export function isCosmetic(object: string, { properties }: Fact): boolean {
  return object.startsWith('comment on ') || (object.startsWith('column order of ') && properties['of'] !== 'type');
}

/** Names of these mean nothing to a running program. */
export function canBeRenamed(object: string, { properties }: Fact): boolean {
  return /^(?:constraint|index) /.test(object) || (object.startsWith('sequence ') && properties['owning identity'] !== undefined);
}

export function sameButName(name: string, fact: Fact, otherName: string, other: Fact): boolean {
  const text = ({ properties }: Fact) =>
    JSON.stringify({ ...properties, definition: properties['definition'] && withoutIndexName(properties['definition']) });
  return type(name) === type(otherName) && fact.group === other.group && text(fact) === text(other);
}

function withoutIndexName(definition: string): string {
  return definition.replace(/^(CREATE (?:UNIQUE )?INDEX )(?:"(?:[^"]|"")+"|[^" ]+) ON/, '$1ON');
}

/** The words, strings and signs of a body, without the white space between them; comments are pieces of their own. */
const pieces = /--[^\n]*|\/\*[\s\S]*?\*\/|\be'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}\p{N}_$]+|\S/giu;

/** A body in words, strings, signs and comments. */
export function piecesOf(body: string | undefined): string[] {
  return (body?.match(pieces) ?? []).map((piece) => piece.trim());
}

/** Of bodies in the server's own languages comments are left out as well. */
export function sameButWhiteSpace({ name, before, after }: PropertyChange, { properties }: Fact): boolean {
  const hasComments = /^(?:sql|plpgsql)$/.test(properties['language'] ?? '');
  const text = (body: string | undefined) =>
    piecesOf(body)
      .filter((piece) => !hasComments || !/^(?:--|\/\*)/.test(piece))
      .join(' ');
  return name === 'body' && text(before) === text(after);
}

function type(object: string): string {
  return object.slice(0, object.indexOf(' '));
}

/** What administrators set on a running target; no migration is asked for it. */
const housekeeping: ReadonlySet<string> = new Set([
  'tablespace',
  'compression',
  'TOAST options',
  'index options',
  'statistics target',
  'statistics targets',
]);

/** What a record keeps, by its own names of the objects: `relation public.t` for whatever has columns, `constraint c on public.t`. */
export function recordedFacts(facts: ReadonlyMap<string, Fact>): Map<string, Properties> {
  return new Map([...facts].map(([object, fact]) => [recordName(object, fact), counted(fact.properties)]));
}

/**
 * What equal histories have in common, whatever tool ran them, with hashes of definitions in mind: no names of constraints, nothing
 * cosmetic, and definitions without what depends on how the server prints an expression. Several constraints of a table are one object.
 */
export function historyFacts(facts: ReadonlyMap<string, Fact>): Map<string, string[]> {
  const objects = new Map<string, string[]>();
  for (const [object, fact] of facts) {
    if (isCosmetic(object, fact)) continue;
    const name = historyName(object, fact);
    objects.set(name, [...(objects.get(name) ?? []), looseText(counted(fact.properties))]);
  }
  return objects;
}

function historyName(object: string, fact: Fact): string {
  return object.startsWith('constraint ') ? `constraint on ${fact.group}` : recordName(object, fact);
}

function counted(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !housekeeping.has(name)));
}

function recordName(object: string, { group }: Fact): string {
  const [, kind = ''] = /^(constraint|trigger|rule|policy) /.exec(object) ?? [];
  if (kind !== '') return `${kind} ${object.slice(`${kind} ${group}.`.length)} on ${group}`;
  if (object.startsWith('domain ')) return object.replace('domain', 'type');
  const isComposite = object.startsWith('type ') && group !== 'type';
  return object.replace(isComposite ? 'type' : /^(?:table|view|materialized view|foreign table)(?= )/, 'relation');
}

/** The invalid indexes among recorded facts, which failed or interrupted statements left behind; those of partitioned tables are not among them. */
export function invalidIndexes(facts: ReadonlyMap<string, Properties>): string[] {
  return [...facts].flatMap(([object, properties]) =>
    object.startsWith('index ') && properties['validity'] === 'invalid' && !isOfPartitionedTable(properties)
      ? object.slice('index '.length)
      : [],
  );
}

/**
 * What a record of a schema says of objects beyond their hashes, by the names that `historyFacts` gives them: an invalid index, a part of a
 * partition or of an inheriting table, and the table of an index, a sequence or statistics. Older records have fewer marks or none.
 */
export function marksOf(facts: ReadonlyMap<string, Fact>): Map<string, string> {
  const invalid = new Set(invalidIndexes(recordedFacts(facts)));
  const children = new Set(
    [...facts.values()].flatMap(({ properties, group }) => ((properties['partition bound'] ?? properties['parent']) ? group : [])),
  );
  return new Map(
    [...facts].map(([object, fact]) => {
      const isInvalid = object.startsWith('index ') && invalid.has(object.slice('index '.length));
      const marks = [isInvalid ? ' invalid' : '', children.has(fact.group) ? ' partition' : ''].join('');
      return [historyName(object, fact), /^(?:index|sequence|statistics) /.test(object) ? `${marks} of ${fact.group}` : marks];
    }),
  );
}

const marks = /^(\S*)( invalid)?( partition)?(?: of (.*))?$/s;

/** The hash of an object without the marks. */
export function unmarked(recorded: string | undefined): string | undefined {
  return recorded === undefined ? undefined : (marks.exec(recorded)?.[1] ?? recorded);
}

export function isMarkedInvalid(recorded: string | undefined): boolean {
  return marks.exec(recorded ?? '')?.[2] !== undefined;
}

/** The table that a record names for an index, a sequence or statistics. */
export function markedTable(recorded: string | undefined): string | undefined {
  return marks.exec(recorded ?? '')?.[4];
}

/**
 * What changes on a running target without being asked of a migration: partitions, which jobs create and drop, statistics, versions of
 * extensions, and an index whose build failed, which is known by itself.
 */
export function isHousekeeping(object: string, before: string | undefined, after: string | undefined): boolean {
  const isPartition = [before, after].some((recorded) => marks.exec(recorded ?? '')?.[3] !== undefined);
  const isNewVersion = object.startsWith('extension ') && before !== undefined && after !== undefined;
  return isPartition || isNewVersion || object.startsWith('statistics ') || (before === undefined && isMarkedInvalid(after));
}

/** `pg_get_indexdef` prints ONLY for these and no others. */
function isOfPartitionedTable({ definition = '' }: Properties): boolean {
  return / ON ONLY /.test(definition);
}

/**
 * The recorded facts that a dump brings back, without what changes when a definition is printed and read back. pg_dump leaves out an invalid
 * index of a table, and its comment. An index of a partitioned table is valid once valid ones of all partitions are attached to it.
 * Source: getIndexes in pg_dump.c, 13 to 18; validatePartitionedIndex in tablecmds.c.
 */
export function dumpedFacts(facts: ReadonlyMap<string, Properties>): Map<string, string> {
  const leftOut = new Set(invalidIndexes(facts).flatMap((name) => [`index ${name}`, `comment on index ${name}`]));
  const kept = [...facts].filter(([object]) => !leftOut.has(object));
  return new Map(
    kept.map(([object, properties]) => {
      const isPartitioned = object.startsWith('index ') && isOfPartitionedTable(properties);
      return [object, looseText(isPartitioned ? { ...properties, validity: '' } : properties)];
    }),
  );
}

/** The recorded facts of a copy of the files, each as one text. */
export function exactFacts(facts: ReadonlyMap<string, Properties>): Map<string, string> {
  return new Map([...facts].map(([object, properties]) => [object, JSON.stringify(properties)]));
}

/** Properties as one text, each definition loosened. */
export function looseText(properties: Properties): string {
  return JSON.stringify(Object.entries(properties).map(([name, value]) => [name, looseDefinition(value)]));
}

/**
 * A definition that a dump printed and a server read again may come back with other casts and parentheses:
 * `ANY ((ARRAY['a'::varchar])::text[])` as `ANY (ARRAY[('a'::varchar)::text])`.
 */
export function looseDefinition(definition: string): string {
  return definition
    .replace(/::("[^"]*"|[a-z_]\w*)(\."[^"]*"|\.[a-z_]\w*)?( (varying|precision|with(out)? time zone))?(\(\d+(,\d+)?\))?(\[\])*/gi, '')
    .replace(/[()\s]+/g, '');
}
