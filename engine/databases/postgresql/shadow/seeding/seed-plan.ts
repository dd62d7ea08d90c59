import { stringConstant } from '../../sql/quoting';
import type { SeedCheck, SeedColumn, SeedForeignKey, SeedTable } from './seed-facts';
import { candidatesFor, styleFor, valueOf, withoutDomains, type TextStyle } from './seed-values';
import type { Wire } from '../wire';

/** How the values of a row are chosen. The first way is what is wanted; the others are for tables that refuse it. */
export interface RowWay {
  /** All values differ from those of the other rows. */
  readonly distinct?: boolean;
  /** Small numbers, short strings and no NULL that need not be, for statements that stumble over the usual values. */
  readonly plain?: boolean;
  /** NULL wherever it is allowed. */
  readonly nulls?: boolean;
  /** Columns with a default take it. */
  readonly defaults?: boolean;
  readonly style?: TextStyle;
}

/** The rows that every table gets, counted from 1: two as equal as can be, and one of other values and NULLs. */
export const seedRowNumbers = [1, 2, 3] as const;
export type RowNumber = (typeof seedRowNumbers)[number];

/** Values for columns under conditions, by row and column number; `null` is NULL. */
export type Solution = ReadonlyMap<number, ReadonlyMap<number, string | null>>;

/** More values of an enum than this are not worth a row each. */
const mostLabels = 24;

/**
 * Values for rows beside the usual ones, so that every value of an enum stands in some row: a conversion may refuse any of them.
 * @param solution what the usual rows have
 */
export function labelRows(table: SeedTable, solution: Solution | undefined): Solution {
  const rows = new Map<number, Map<number, string | null>>();
  const first = solution?.get(1);
  for (const column of table.columns) {
    const { type } = withoutDomains(column.type, column.typmod);
    const isArray = type.category === 'A' && type.inner !== undefined;
    const { labels } = isArray && type.inner ? withoutDomains(type.inner, -1).type : type;
    for (const [index, label] of labels.slice(0, mostLabels).entries()) {
      if (index === 0) continue;
      const row = seedRowNumbers.length + index;
      const values = rows.get(row) ?? new Map(first);
      values.set(column.number, isArray ? `{"${label.replace(/(["\\])/g, '\\$1')}"}` : label);
      rows.set(row, values);
    }
  }
  return rows;
}

/** The column in which the first two rows must differ, for each unique key. */
export function distinctColumns(table: SeedTable): ReadonlySet<number> {
  const chosen = new Set<number>();
  const byNumber = new Map(table.columns.map((column) => [column.number, column]));
  const foreign = new Set(table.foreignKeys.flatMap((key) => key.columns));
  const sorted = [...table.uniques].sort((a, b) => a.length - b.length);
  for (const unique of sorted) {
    if (unique.some((number) => chosen.has(number))) continue;
    const usable = unique.filter((number) => byNumber.has(number));
    const free = usable.filter((number) => !foreign.has(number));
    const wide = free.filter((number) => {
      const base = withoutDomains(byNumber.get(number)?.type ?? emptyType, -1).type;
      return base.category !== 'B' && base.kind !== 'e';
    });
    const best = wide.at(-1) ?? free.at(-1) ?? usable.at(-1);
    if (best !== undefined) chosen.add(best);
  }
  return chosen;
}

const emptyType = {
  name: '',
  sqlName: '',
  kind: '',
  category: '',
  typmod: -1,
  labels: [],
  fields: [],
  checks: [],
  notNull: false,
} as const;

/** The INSERT of one row. */
export function insertOf(
  table: SeedTable,
  row: number,
  way: RowWay,
  distinct: ReadonlySet<number>,
  solution: Solution | undefined,
): string {
  const values = rowValues(table, row, way, distinct, solution);
  const columns = table.columns.filter((column) => values.has(column.number));
  if (columns.length === 0) return `INSERT INTO ${table.quoted} DEFAULT VALUES`;
  return `INSERT INTO ${table.quoted} (${columns.map((each) => each.quoted).join(', ')}) OVERRIDING SYSTEM VALUE VALUES (${columns
    .map((each) => values.get(each.number) ?? 'NULL')
    .join(', ')})`;
}

function rowValues(
  table: SeedTable,
  row: number,
  way: RowWay,
  distinct: ReadonlySet<number>,
  solution: Solution | undefined,
): Map<number, string> {
  const values = new Map<number, string>();
  const solved = solution?.get(row);
  const references = new Map<number, string>();
  const wantsNull = (column: SeedColumn) => !column.notNull && (way.nulls === true || (row === 3 && way.plain !== true));
  const keyed = keyColumns(table);
  for (const key of table.foreignKeys) {
    if (key.references === table.oid) continue;
    const differs = way.distinct === true || key.columns.some((number) => distinct.has(number));
    addReferences(key, row === 2 && !differs ? 1 : row, references);
  }
  for (const column of table.columns) {
    const given = solved?.get(column.number);
    if (given === null || (given === undefined && wantsNull(column))) {
      values.set(column.number, 'NULL');
      continue;
    }
    const reference = references.get(column.number);
    if (reference !== undefined) {
      values.set(column.number, reference);
      continue;
    }
    if (given !== undefined) {
      values.set(column.number, stringConstant(given));
      continue;
    }
    if (way.defaults && column.hasDefault && !keyed.has(column.number)) continue;
    const variant = row === 2 && way.distinct !== true && !distinct.has(column.number) ? 1 : row;
    const isKey = keyed.has(column.number);
    const style = (isKey && way.plain ? undefined : way.style) ?? styleFor(column.name);
    const wish = { variant, filling: !isKey && way.style === undefined, style, plain: way.plain === true && !isKey };
    const value = valueOf(column.type, column.typmod, wish);
    if (value !== undefined) values.set(column.number, stringConstant(value));
    else if (!column.hasDefault) values.set(column.number, 'NULL');
  }
  for (const key of table.foreignKeys) if (key.references === table.oid) addOwnReferences(table, key, values, wantsNull);
  return values;
}

/** Columns of keys have values that columns of other types can take as well. */
function keyColumns(table: SeedTable): ReadonlySet<number> {
  return new Set([...table.uniques.flat(), ...table.foreignKeys.flatMap((key) => key.columns)]);
}

/** The key of the referenced table's row; columns that another foreign key has settled narrow the choice. */
function addReferences(key: SeedForeignKey, row: number, into: Map<number, string>): void {
  const settled = key.columns.flatMap((number, index) => (into.has(number) ? [`p.${key.keys[index]} = ${into.get(number)}`] : []));
  const conditions = [...key.keys.map((name) => `p.${name} IS NOT NULL`), ...settled].join(' AND ');
  for (const [index, number] of key.columns.entries()) {
    if (into.has(number)) continue;
    const last = `(SELECT count(*) - 1 FROM ${key.from} p WHERE ${conditions})`;
    into.set(
      number,
      `(SELECT p.${key.keys[index]} FROM ${key.from} p WHERE ${conditions} ORDER BY p.tableoid, p.ctid LIMIT 1 OFFSET ${
        row === 1 ? '0' : `greatest(0, least(${row - 1}, ${last}))`
      })`,
    );
  }
}

/** A row that refers to its own table refers to itself, so that it needs no other. */
function addOwnReferences(
  table: SeedTable,
  key: SeedForeignKey,
  values: Map<number, string>,
  isNull: (column: SeedColumn) => boolean,
): void {
  for (const [index, number] of key.columns.entries()) {
    const column = table.columns.find((each) => each.number === number);
    const own = values.get(key.keyNumbers[index] ?? 0);
    if (column && own !== undefined && !isNull(column)) values.set(number, own);
  }
}

/** Most combinations of values that are tried at once for conditions on several columns. */
const mostCombinations = 600;
/** Errors in one candidate fail the query for all; then so many are tried one by one. */
const mostSingly = 80;

/**
 * Finds values that meet the conditions of a table and of its columns' domains, by asking the server which of the candidates
 * do. Needs an open transaction.
 */
export async function solve(wire: Wire, table: SeedTable, distinct: ReadonlySet<number>): Promise<Solution> {
  const solution = new Map<RowNumber, Map<number, string | null>>(seedRowNumbers.map((row) => [row, new Map<number, string | null>()]));
  const byNumber = new Map(table.columns.map((column) => [column.number, column]));
  for (const component of componentsOf(table)) {
    const columns = component.columns.flatMap((number) => byNumber.get(number) ?? []);
    if (columns.length === 0) continue;
    const found = await combinationsOf(wire, table, columns, component.checks);
    if (found.length === 0) continue;
    const differing = columns.flatMap((column, index) => (distinct.has(column.number) ? index : []));
    for (const [row, chosen] of chooseRows(found, differing)) {
      for (const [index, column] of columns.entries()) solution.get(row)?.set(column.number, chosen.values[index] ?? null);
    }
  }
  return solution;
}

interface Component {
  readonly columns: readonly number[];
  readonly checks: readonly SeedCheck[];
}

/** Conditions that share columns belong together. */
function componentsOf(table: SeedTable): Component[] {
  const domainChecks = table.columns.flatMap((column) =>
    domainConditions(column).map((expression) => ({ columns: [column.number], expression })),
  );
  const components: { columns: Set<number>; checks: SeedCheck[] }[] = [];
  for (const check of [...table.checks, ...domainChecks]) {
    const sharing = components.filter((each) => check.columns.some((number) => each.columns.has(number)));
    const merged = {
      columns: new Set([...check.columns, ...sharing.flatMap((each) => [...each.columns])]),
      checks: [...sharing.flatMap((each) => each.checks), check],
    };
    for (const each of sharing) components.splice(components.indexOf(each), 1);
    components.push(merged);
  }
  return components.map((each) => ({ columns: [...each.columns], checks: each.checks }));
}

function domainConditions(column: SeedColumn): string[] {
  const conditions: string[] = [];
  for (let type = column.type; type.kind === 'd' && type.inner; type = type.inner) {
    conditions.push(...type.checks.map((check) => check.replace(/(?<!["\w])VALUE(?!["\w])/g, column.quoted)));
  }
  return conditions;
}

interface Combination {
  readonly values: readonly (string | null)[];
  /** Lower is nearer to what is wanted. */
  readonly rank: number;
  readonly nulls: number;
}

async function combinationsOf(
  wire: Wire,
  table: SeedTable,
  columns: readonly SeedColumn[],
  checks: readonly SeedCheck[],
): Promise<Combination[]> {
  const conditions = checks.map((check) => check.expression);
  const lists: (string | null)[][] = columns.map((column) => {
    const foreign = table.foreignKeys.some((key) => key.columns.includes(column.number));
    const plain = valueOf(column.type, column.typmod, { variant: 1, filling: false, style: 'word' });
    const usual = valueOf(column.type, column.typmod, { variant: 1, filling: true, style: styleFor(column.name) });
    const candidates = foreign
      ? plain === undefined
        ? []
        : [plain]
      : [...(usual === undefined ? [] : [usual]), ...candidatesFor(column.type, column.typmod, conditions, column.name)];
    return [...new Set(candidates), ...(column.notNull ? [] : [null])];
  });
  while (lists.reduce((product, list) => product * Math.max(1, list.length), 1) > mostCombinations) {
    const longest = lists.reduce((a, b) => (b.length > a.length ? b : a));
    const last = longest.pop();
    // NULL stands last and is worth keeping.
    if (last === null && longest.length > 1) longest[longest.length - 1] = null;
  }
  let combinations: Combination[] = [{ values: [], rank: 0, nulls: 0 }];
  for (const list of lists) {
    combinations = combinations.flatMap((before) =>
      list.map((value, index) => ({
        values: [...before.values, value],
        rank: before.rank + index,
        nulls: before.nulls + (value === null ? 1 : 0),
      })),
    );
  }
  const asked = await accepted(wire, columns, conditions, combinations);
  if (asked) return asked;
  const singly: Combination[] = [];
  for (const combination of combinations.slice(0, mostSingly)) {
    if (((await accepted(wire, columns, conditions, [combination]))?.length ?? 0) > 0) singly.push(combination);
    if (singly.length >= 6) break;
  }
  return singly;
}

/** The combinations that meet all conditions, or undefined when asking fails. */
async function accepted(
  wire: Wire,
  columns: readonly SeedColumn[],
  conditions: readonly string[],
  combinations: readonly Combination[],
): Promise<Combination[] | undefined> {
  if (combinations.length === 0) return [];
  // The values themselves are written as text and cast behind the aliases, to keep the statement short.
  const rows = combinations.map(
    (each, index) =>
      `(${index}, ${each.values.map((value) => (value === null ? 'NULL::text' : `${stringConstant(value)}::text`)).join(', ')})`,
  );
  const casts = columns.map((column, index) => `r.c${index}::${baseTypeName(column)} AS ${column.quoted}`);
  const sql = `SELECT x.mem8_row::text FROM (SELECT r.mem8_row, ${casts.join(', ')} FROM (VALUES ${rows.join(', ')}) r(mem8_row, ${columns
    .map((_, index) => `c${index}`)
    .join(', ')}) OFFSET 0) x WHERE ${conditions.map((each) => `(${each}) IS NOT FALSE`).join(' AND ')}`;
  await wire.rows('SAVEPOINT mem8_asked');
  const result = await wire.query(sql);
  await wire.rows(`${result.error ? 'ROLLBACK TO SAVEPOINT mem8_asked; ' : ''}RELEASE SAVEPOINT mem8_asked`);
  if (result.error) return undefined;
  const numbers = new Set(result.rows.map((row) => Number(row[0])));
  return combinations.filter((_, index) => numbers.has(index));
}

/** A cast to the domain itself would refuse the candidates that are to be sorted out. */
function baseTypeName(column: SeedColumn): string {
  return withoutDomains(column.type, column.typmod).type.sqlName;
}

/** @param differing indexes of the columns in which the rows must differ */
function chooseRows(found: readonly Combination[], differing: readonly number[]): Map<RowNumber, Combination> {
  const differ = (a: Combination, b: Combination) =>
    differing.every((index) => a.values[index] !== b.values[index] || a.values[index] === null);
  const byRank = [...found].sort((a, b) => a.nulls - b.nulls || a.rank - b.rank);
  const byNulls = [...found].sort((a, b) => b.nulls - a.nulls || a.rank - b.rank);
  const rows = new Map<RowNumber, Combination>();
  const [first] = byRank;
  if (!first) return rows;
  rows.set(1, first);
  const second = differing.length === 0 ? first : byRank.find((each) => differ(each, first));
  if (second) rows.set(2, second);
  const others = byNulls.filter((each) => differ(each, first) && (!second || differ(each, second)));
  const third = others.find((each) => each !== first && each !== second) ?? others[0];
  if (third) rows.set(3, third);
  return rows;
}
