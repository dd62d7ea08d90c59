import type { State, StateObject } from './state';

/** A difference between two states of a database. */
export interface StateDifference {
  readonly kind: 'missing' | 'left over' | 'changed';
  readonly object: string;
  readonly before?: string;
  readonly after?: string;
  /** Why the difference means nothing to a program that uses the database. */
  readonly cosmetic?: string;
}

/** What a state has otherwise than the one that it should equal. */
export function compareStates(before: State, after: State): StateDifference[] {
  const missing = [...before].filter(([object]) => !after.has(object));
  const added = new Map([...after].filter(([object]) => !before.has(object)));
  const differences: StateDifference[] = [];
  for (const [object, { definition }] of before) {
    const other = after.get(object)?.definition;
    if (other !== undefined && other !== definition) {
      differences.push({ kind: 'changed', object, before: definition, after: other, cosmetic: cosmeticOf(object, definition, other) });
    }
  }
  for (const [object, known] of missing) {
    const twin = [...added].find(([name, other]) => isRenamed(object, known, name, other))?.[0];
    if (twin === undefined) {
      differences.push({ kind: 'missing', object, before: known.definition, cosmetic: cosmeticKind(object) });
      continue;
    }
    added.delete(twin);
    differences.push({ kind: 'changed', object, before: object, after: twin, cosmetic: 'another name' });
  }
  for (const [object, { definition }] of added) {
    differences.push({ kind: 'left over', object, after: definition, cosmetic: cosmeticKind(object) });
  }
  return differences.filter((each) => !isConsequence(each, differences));
}

/** True when nothing but appearances differs. */
export function isRestored(differences: readonly StateDifference[]): boolean {
  return differences.every(({ cosmetic }) => cosmetic !== undefined);
}

/** A difference in words. */
export function inWords({ kind, object, before = '', after = '' }: StateDifference): string {
  if (kind !== 'changed') return `${object} is ${kind}`;
  const [was, is] = differingPart(before, after);
  return `${object} was "${was}" and is "${is}"`;
}

const words = 120;

/** The parts of two texts in which they differ, with a little around. */
function differingPart(before: string, after: string): [string, string] {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const part = (text: string) => {
    const from = Math.max(0, start - 20);
    const cut = text.slice(from, Math.min(text.length, text.length - end + 20)).replace(/\s+/g, ' ');
    return cut.length > words ? `${cut.slice(0, words)}...` : cut;
  };
  return [part(before), part(after)];
}

function cosmeticKind(object: string): string | undefined {
  if (object.startsWith('comment on ')) return 'a comment';
  if (object.startsWith('column order of ')) return 'column order';
  return undefined;
}

function cosmeticOf(object: string, before: string, after: string): string | undefined {
  const isBody = /^(?:function|procedure) /.test(object);
  if (isBody && withoutSpace(before) === withoutSpace(after)) return 'white space in a body';
  return cosmeticKind(object);
}

function withoutSpace(body: string): string {
  return body.replace(/\s+/g, ' ').replace(/ ?([;,()]) ?/g, '$1');
}

/** Constraints and indexes of one table that say the same. */
function isRenamed(object: string, known: StateObject, otherObject: string, other: StateObject): boolean {
  const kind = /^(?:constraint|index) /.exec(object)?.[0];
  if (kind === undefined || !otherObject.startsWith(kind) || known.parent !== other.parent) return false;
  return withoutIndexName(known.definition) === withoutIndexName(other.definition);
}

function withoutIndexName(definition: string): string {
  return definition.replace(/^(CREATE (?:UNIQUE )?INDEX )(?:"(?:[^"]|"")+"|\S+) ON/, '$1ON');
}

/** What belongs to a table that is missing or left over as a whole needs no line of its own. */
function isConsequence(difference: StateDifference, all: readonly StateDifference[]): boolean {
  const parent = /^(?:(?:column|attribute) order of|column|attribute) (.*)$/.exec(difference.object)?.[1];
  if (parent === undefined || difference.kind === 'changed') return false;
  return all.some(
    ({ kind, object }) =>
      kind === difference.kind &&
      /^(?:table|view|materialized view|foreign table|composite type) /.test(object) &&
      isOf(parent, object.replace(/^(?:table|view|materialized view|foreign table|composite type) /, '')),
  );
}

function isOf(name: string, table: string): boolean {
  return name === table || name.startsWith(`${table}.`);
}
