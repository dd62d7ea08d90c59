import {
  canBeRenamed,
  isCosmetic,
  isHousekeeping,
  isMarkedInvalid,
  markedTable,
  sameButName,
  sameButWhiteSpace,
  unmarked,
} from './cosmetic';
import { withoutPublic } from './describe-differences';
import type { Described, Difference, Drifted, Fact, Facts, PropertyChange } from '../../fact';
import type { SchemaState } from '../../schema-state';
import { noRows, type RowHashes, type TableRows } from './fingerprint';

/** What a state lacks, has too much or has otherwise, compared with the state that it should equal. */
export function compareFacts(before: Facts, after: Facts): Difference[] {
  const missing: [string, Fact][] = [];
  const differences: Difference[] = [];
  const comparable = (fact: Fact) => before.queries?.has(fact.query) !== false && after.queries?.has(fact.query) !== false;
  for (const [object, fact] of before) {
    if (!comparable(fact)) continue;
    const other = after.get(object);
    if (!other) {
      missing.push([object, fact]);
      continue;
    }
    const properties = changesOf(fact.properties, other.properties);
    if (properties.length === 0) continue;
    const cosmetic = isCosmetic(object, fact) || properties.every((change) => sameButWhiteSpace(change, fact));
    differences.push({ kind: 'changed', object, table: tableOf(object, fact), properties, cosmetic });
  }
  const added = [...after].filter(([object, fact]) => !before.has(object) && comparable(fact));
  for (const [object, fact] of missing) {
    const twin = canBeRenamed(object, fact) ? added.findIndex(([name, other]) => sameButName(object, fact, name, other)) : -1;
    const [renamed] = twin < 0 ? [] : added.splice(twin, 1);
    if (renamed)
      differences.push({ kind: 'changed', object, table: tableOf(object, fact), before: object, after: renamed[0], cosmetic: true });
    else differences.push({ kind: 'missing', object, table: tableOf(object, fact), cosmetic: isCosmetic(object, fact) });
  }
  for (const [object, fact] of added)
    differences.push({ kind: 'left-over', object, table: tableOf(object, fact), cosmetic: isCosmetic(object, fact) });
  return withoutConsequences(differences);
}

function changesOf(before: Fact['properties'], after: Fact['properties']): PropertyChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  // Who owns an object has all privileges, which the new owner gains and the old one loses.
  const owners = before['owner'] === after['owner'] ? [] : [before['owner'], after['owner']];
  return [...names].flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (was === is || owners.some((owner) => name === `privileges of ${owner ?? ''}`)) return [];
    return { name, before: was, after: is };
  });
}

function tableOf(object: string, { group }: Fact): string | undefined {
  return isPart(object) ? group : undefined;
}

const wholes = /^(?:table|view|materialized view|foreign table|type) /;

function isPart(object: string): boolean {
  return /^(?:column|column order of|constraint|index|trigger|rule|policy|statistics|sequence) /.test(object);
}

/**
 * A table that is missing or left over as a whole needs no line for each of its parts, nor a column for its place in the order or
 * for its sequence, which is there while the column is an identity; nor sequences for the owner of their table.
 */
function withoutConsequences(differences: readonly Difference[]): Difference[] {
  const whole = new Set<string>();
  const listed = new Set<string>();
  const identities = new Set<string>();
  const owned = new Set<string>();
  for (const { kind, object, table, properties = [] } of differences) {
    if (kind !== 'changed' && wholes.test(object)) whole.add(object.replace(wholes, ''));
    if (table === undefined && properties.some(isOwner)) owned.add(object.replace(wholes, ''));
    if (table === undefined || !object.startsWith('column ')) continue;
    if (kind !== 'changed') listed.add(table);
    if (kind !== 'changed' || properties.some(({ name }) => name === 'identity')) identities.add(table);
  }
  return differences.filter(({ kind, object, table, properties = [] }) => {
    if (table === undefined) return true;
    if (whole.has(table)) return false;
    if (object.startsWith('column order of ')) return !listed.has(table);
    if (!object.startsWith('sequence ')) return true;
    return kind === 'changed' ? !(properties.every(isOwner) && owned.has(table)) : !identities.has(table);
  });
}

function isOwner({ name }: PropertyChange): boolean {
  return name === 'owner';
}

/** Tables of the state before whose rows are not what they were. A table that is gone without having had rows is none. */
export function compareRows(before: RowHashes, after: RowHashes): Difference[] {
  const differences: Difference[] = [];
  for (const [table, rows] of before) {
    const other = after.get(table) ?? noRows;
    if (other.all === rows.all) continue;
    const kind = other.all === noRows.all ? 'missing' : rows.all === noRows.all ? 'left-over' : 'changed';
    const columns =
      kind === 'changed' ? [...rows.columns].flatMap(([column, hash]) => (other.columns.get(column) === hash ? [] : column)) : [];
    differences.push({
      kind,
      object: `rows ${table}`,
      before: countOf(rows),
      after: countOf(other),
      cosmetic: false,
      columns: columns.length > 0 ? columns : undefined,
    });
  }
  return differences;
}

function countOf({ all }: TableRows): string {
  const [count = '0'] = all.split(':');
  return count === '1' ? '1 row' : `${count} rows`;
}

const orderOf = 'column order of ';

/**
 * What `actual` has too much, too little or otherwise; empty when the two are equal. A whole table stands for its parts. An invalid index
 * that is missing is no difference: no query uses it, and no dump brings it back.
 */
export function schemaDifferences(expected: SchemaState, actual: SchemaState): Described[] {
  return [...differencesWithParts(expected, actual)].map(([difference]) => difference);
}

/** The differences between a schema as it was recorded and as it is now that neither a run nor housekeeping made. */
export function schemaDrift(expected: SchemaState, actual: SchemaState): Drifted[] {
  return [...differencesWithParts(expected, actual)].flatMap(([difference, parts]) => {
    const { object } = difference;
    if (isHousekeeping(object, expected.objects[object], actual.objects[object])) return [];
    const found = Object.fromEntries([object, ...parts].map((name) => [name, actual.objects[name] ?? null]));
    return { ...difference, name: withoutPublic(object), found };
  });
}

/** The differences, each with the other objects that it stands for: the parts of a whole table. */
function differencesWithParts(expected: SchemaState, actual: SchemaState): Map<Described, string[]> {
  const names = [...new Set([...Object.keys(expected.objects), ...Object.keys(actual.objects)])].sort();
  const inOne = (name: string): boolean => (expected.objects[name] === undefined) !== (actual.objects[name] === undefined);
  const wholeTables = names.filter((name) => name.startsWith('relation ') && inOne(name)).map((name) => name.slice('relation '.length));
  const wholeOf = (name: string): string | undefined =>
    wholeTables.find(
      (table) =>
        name.startsWith(`column ${table}.`) ||
        name === orderOf + table ||
        (!name.startsWith('relation ') && name.endsWith(` on ${table}`)) ||
        (inOne(name) && markedTable(expected.objects[name] ?? actual.objects[name]) === table),
    );
  const tellsOfColumns = (name: string): boolean =>
    name.startsWith(orderOf) && names.some((other) => inOne(other) && other.startsWith(`column ${name.slice(orderOf.length)}.`));
  const partsOf = new Map<string, string[]>();
  const differences: Described[] = [];
  for (const object of names) {
    const whole = wholeTables.length === 0 ? undefined : wholeOf(object);
    if (whole !== undefined) {
      const parts = partsOf.get(whole);
      if (parts) parts.push(object);
      else partsOf.set(whole, [object]);
      continue;
    }
    const before = unmarked(expected.objects[object]);
    const after = unmarked(actual.objects[object]);
    if (tellsOfColumns(object) || before === after || (after === undefined && isMarkedInvalid(expected.objects[object]))) continue;
    const table = /^column (.+)\.[^.]+$/.exec(object)?.[1];
    differences.push({ kind: before === undefined ? 'left-over' : after === undefined ? 'missing' : 'changed', object, table });
  }
  return new Map(differences.map((each) => [each, partsOf.get(/^relation (.*)$/s.exec(each.object)?.[1] ?? '') ?? []]));
}
