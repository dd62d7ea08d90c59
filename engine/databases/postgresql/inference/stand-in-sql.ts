import { qualified } from './type-names';

/** Types of extensions that the embedded server does not have, which people use without creating the extension. */
export const foreignTypes: Readonly<Record<string, string>> = {
  geometry: 'postgis',
  geography: 'postgis',
  box2d: 'postgis',
  box3d: 'postgis',
  raster: 'postgis_raster',
  topogeometry: 'postgis_topology',
  vector: 'vector',
  halfvec: 'vector',
  sparsevec: 'vector',
  h3index: 'h3',
  hll: 'hll',
  roaringbitmap: 'roaringbitmap',
  tdigest: 'tdigest',
  semver: 'semver',
  ulid: 'ulid',
};

/** Stand-ins are in pg_catalog, where names are looked up whatever the search path. */
export interface StandInFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  returns: string;
}

/**
 * A type that takes any text, with any modifiers, in an order of its own. The functions are the server's: those of text to read
 * and print it, those of bytea to compare it, which ask for no collation.
 */
export function typeSql(name: string): string[] {
  const title = qualified('pg_catalog', name);
  const named = (suffix: string) => qualified('pg_catalog', `mem8_${name}_${suffix}`);
  const internal = (suffix: string, parameters: string, returns: string, source: string) =>
    `CREATE FUNCTION ${named(suffix)}(${parameters}) RETURNS ${returns} LANGUAGE internal IMMUTABLE STRICT AS '${source}'`;
  const operators = Object.entries(comparisons).flatMap(([operator, source]) => [
    internal(source, `${title}, ${title}`, 'boolean', source),
    `CREATE OPERATOR pg_catalog.${operator} (LEFTARG = ${title}, RIGHTARG = ${title}, FUNCTION = ${named(source)})`,
  ]);
  const others = Object.entries({ 'double precision': distances, boolean: relations }).flatMap(([returns, symbols], index) => [
    `CREATE FUNCTION ${named(`other_${index}`)}(${title}, ${title}) RETURNS ${returns} LANGUAGE sql IMMUTABLE AS 'SELECT NULL::${returns}'`,
    ...symbols.map(
      (operator) =>
        `CREATE OPERATOR pg_catalog.${operator} (LEFTARG = ${title}, RIGHTARG = ${title}, FUNCTION = ${named(`other_${index}`)})`,
    ),
  ]);
  return [
    `CREATE TYPE ${title}`,
    internal('in', 'cstring', title, 'textin'),
    internal('out', title, 'cstring', 'textout'),
    internal('modifiers', 'cstring[]', 'integer', 'array_ndims'),
    `CREATE TYPE ${title} (INPUT = ${named('in')}, OUTPUT = ${named('out')}, TYPMOD_IN = ${named('modifiers')}, LIKE = text, CATEGORY = 'm')`,
    ...operators,
    internal('cmp', `${title}, ${title}`, 'integer', 'byteacmp'),
    `CREATE OPERATOR CLASS ${named('ops')} DEFAULT FOR TYPE ${title} USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 ${named('cmp')}(${title}, ${title})`,
    ...others,
  ];
}

/** Types of one extension can mostly be cast to each other. */
export function castsAmong(names: readonly string[]): string[] {
  const title = (name: string) => qualified('pg_catalog', name);
  return names.flatMap((from) =>
    names.flatMap((to) => (from === to ? [] : `CREATE CAST (${title(from)} AS ${title(to)}) WITH INOUT AS ASSIGNMENT`)),
  );
}

const comparisons: Readonly<Record<string, string>> = {
  '=': 'byteaeq',
  '<>': 'byteane',
  '<': 'bytealt',
  '<=': 'byteale',
  '>': 'byteagt',
  '>=': 'byteage',
};
const distances = ['<->', '<#>', '<=>', '<+>'];
const relations = ['&&', '@>', '<@', '~=', '<<', '>>', '~', '@'];

/** A function that gives NULL of its type. */
export function functionSql(made: StandInFunction): string {
  return `CREATE FUNCTION ${signature(made)} RETURNS ${made.returns} LANGUAGE sql IMMUTABLE AS 'SELECT NULL::${made.returns.replaceAll("'", "''")}'`;
}

/** The function as statements name it. */
export function signature({ name, parameters }: StandInFunction): string {
  return `${qualified('pg_catalog', name)}(${parameters.join(', ')})`;
}
