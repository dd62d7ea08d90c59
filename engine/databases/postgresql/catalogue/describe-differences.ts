import { listedBriefly } from '../../../core/wording';
import type { Described, PropertyChange } from '../../fact';

const longestValue = 80;
const mostListed = 3;

/** One clause: `column item.size: the default was 0 and is now none`. */
export function describeDifference(difference: Described): string {
  const { kind, object, columns, properties, before, after } = difference;
  if (object.startsWith('rows ')) return describeRows(difference, columns);
  const name = withoutPublic(object);
  if (kind !== 'changed') return `${name} is ${stateOf(difference)}`;
  if (properties?.length) return `${name}: ${listedBriefly(properties.map(describeProperty), mostListed)}`;
  return before !== undefined && after !== undefined
    ? `${withoutPublic(before)} is now named ${nameIn(withoutPublic(after))}`
    : `${name} is different`;
}

/**
 * Several, with `; ` between them; what is of one type and one table is told once, with how many more there are.
 * @param most how many clauses are told
 */
export function describeDifferences(differences: readonly Described[], most: number): string {
  const groups = new Map<string, Described[]>();
  for (const each of differences) {
    const key = each.table === undefined ? each.object : `${each.kind} ${typeOf(each.object)} ${each.table}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const clauses = [...groups.values()].flatMap((group) => (group.length > 2 ? [groupClause(group)] : group.map(describeDifference)));
  const told = clauses.slice(0, most);
  const rest = clauses.length - told.length;
  return rest > 0 ? `${told.join('; ')}; and ${rest} more ${rest === 1 ? 'difference' : 'differences'}` : told.join('; ');
}

function groupClause(group: readonly Described[]): string {
  const [first, ...rest] = group;
  if (!first) return '';
  const more = `${rest.length} more ${plural(typeOf(first.object))} of ${withoutPublic(first.table ?? '')}`;
  if (first.kind === 'changed') return `${describeDifference(first)}; ${more} are different`;
  return `${withoutPublic(first.object)} and ${more} are ${stateOf(first)}`;
}

function stateOf({ kind }: Described): string {
  return kind === 'missing' ? 'missing' : 'left over';
}

function describeRows({ object, kind }: Described, columns: readonly string[] | undefined): string {
  const table = withoutPublic(object.slice('rows '.length));
  if (columns?.length) return `values of ${table} differ (${columns.join(', ')})`;
  return `rows of ${table} ${kind === 'missing' ? 'are missing' : kind === 'left-over' ? 'are left over' : 'differ'}`;
}

/** Where there is no value of its own, PostgreSQL's default is in force. */
const byDefault: ReadonlySet<string> = new Set([
  'storage',
  'compression',
  'collation',
  'tablespace',
  'statistics target',
  'statistics targets',
]);

function describeProperty({ name, before, after }: PropertyChange): string {
  const [, grantee] = /^privileges of (.*)$/s.exec(name) ?? [];
  if (grantee !== undefined) return describePrivileges(grantee, split(before), split(after));
  if (name === 'nullability') return `was ${before ?? ''} and is now ${after ?? ''}`;
  const isPlural = name.endsWith('s') && !name.endsWith('ss');
  const [was, is] = [before, after].map((value) => value?.replace(/\s+/g, ' ').trim());
  if (Math.max(was?.length ?? 0, is?.length ?? 0) > longestValue) return `the ${name} ${isPlural ? 'are' : 'is'} different`;
  const words = (value: string | undefined) => (value ? withoutPublic(value) : byDefault.has(name) ? 'the default' : 'none');
  return `the ${name} ${isPlural ? 'were' : 'was'} ${words(was)} and ${isPlural ? 'are' : 'is'} now ${words(is)}`;
}

/** `app could SELECT and no longer can`. */
function describePrivileges(grantee: string, before: readonly string[], after: readonly string[]): string {
  const lost = before.filter((each) => !after.includes(each)).map(privilegeWords);
  const gained = after.filter((each) => !before.includes(each)).map(privilegeWords);
  const clauses = [
    ...(lost.length > 0 ? [`could ${listedBriefly(lost, mostListed)} and no longer can`] : []),
    ...(gained.length > 0 ? [`can now ${listedBriefly(gained, mostListed)}`] : []),
  ];
  return `${grantee} ${clauses.join(', and ')}`;
}

const verbs: Readonly<Record<string, string>> = {
  USAGE: 'use it',
  EXECUTE: 'execute it',
  CREATE: 'create objects in it',
  CONNECT: 'connect to it',
  TEMPORARY: 'create temporary tables in it',
};

function privilegeWords(privilege: string): string {
  const [, verb = '', rest = ''] = /^([A-Z]+)(.*)$/s.exec(privilege) ?? [];
  const note = rest.trim();
  return `${verbs[verb] ?? verb}${note === '' ? '' : ` (${note})`}`;
}

function split(privileges: string | undefined): string[] {
  return privileges === undefined ? [] : privileges.split(', ');
}

const twoWords = /^(?:materialized view|foreign table|event trigger|large object|column order)(?= )/;

function typeOf(object: string): string {
  return twoWords.exec(object)?.[0] ?? object.slice(0, object.indexOf(' '));
}

function plural(type: string): string {
  return type === 'index' ? 'indexes' : type === 'policy' ? 'policies' : type === 'statistics' ? type : `${type}s`;
}

function nameIn(object: string): string {
  return object.slice(typeOf(object).length + 1);
}

/** As a reader names it: without the schema public. */
export function withoutPublic(text: string): string {
  return text.replace(/(^|[ (,])public\./g, '$1');
}
