import { refusals } from '../json-schema/inclusion';
import { matchAlternatives, type MatchedAlternatives, type Renaming } from './alternatives';
import { narrowed, perhapsNarrowed, perhapsWidened, unclear } from './change';
import type { Part } from './description';
import { tagsOf } from './discriminator';
import { valueOfSeveral } from './overlap';
import { isSymbolic, schemaNode } from './schema-node';
import type { SchemaPair } from './schema-pair';
import { compareNull } from './schema-types';
import { schemaView, type SchemaView, standsFor, typeText } from './schema-view';
import { fitsAsText } from './text-values';

/** Compares `oneOf` and `anyOf`. @returns true when the alternatives tell everything, so that the rest is not compared */
export function comparedAlternatives(pair: SchemaPair): boolean {
  const { older, newer } = pair;
  if (older.alternatives.length === 0 && newer.alternatives.length === 0) return false;
  const wrapped = older.alternatives.length === 0 || newer.alternatives.length === 0;
  if (wrapped) return compareWrapped(pair);
  if (older.alternatives.length !== newer.alternatives.length) {
    pair.report(
      'alternatives-changed',
      unclear,
      'changes its groups of alternatives',
      newer.alternatives[0]?.part,
      older.alternatives[0]?.part,
    );
    return false;
  }
  for (const [index, group] of older.alternatives.entries()) {
    const other = newer.alternatives[index];
    if (other) compareGroups(pair, group.part, group.members, other.part, other.members);
  }
  return false;
}

/** One side is a plain schema and the other has alternatives: the plain one may be one of them. */
function compareWrapped(pair: SchemaPair): boolean {
  const { older, newer } = pair;
  const plainIsOlder = older.alternatives.length === 0;
  const [plain, rich] = plainIsOlder ? [older, newer] : [newer, older];
  const group = rich.alternatives[0];
  if (!group) return false;
  const { pairs } = plainIsOlder
    ? matchAlternatives([plain.part], group.members, false, renamingOf(pair))
    : swapped(matchAlternatives(group.members, [plain.part], false, renamingOf(pair)));
  const fits = (member: SchemaView) => pair.use.text !== undefined && (fitsAsText(plain, member) || fitsAsText(member, plain));
  const match =
    pairs[0]?.[1] ??
    group.members.find((member) => sameType(schemaView(member), plain)) ??
    group.members.find((member) => fits(schemaView(member)));
  const hasBase = rich.at('properties') !== undefined || rich.at('type') !== undefined;
  if (match && !hasBase) {
    const place = plainIsOlder ? plain.part : group.part;
    compareNull(pair, plainIsOlder ? plain.at('type') : group.part, plainIsOlder ? group.part : plain.at('type'));
    if (plainIsOlder) compareGroups(pair, place, [plain.part], group.part, group.members, [[plain.part, match]]);
    else compareGroups(pair, group.part, group.members, plain.part, [plain.part], [[match, plain.part]]);
    return true;
  }
  if (plainIsOlder) pair.report('alternatives-added', hasBase ? perhapsNarrowed : unclear, 'now has alternatives', group.part, plain.part);
  else pair.report('alternatives-removed', hasBase ? perhapsWidened : unclear, 'no longer has alternatives', plain.part, group.part);
  return !hasBase;
}

function compareGroups(
  pair: SchemaPair,
  before: Part,
  members: readonly Part[],
  now: Part,
  newMembers: readonly Part[],
  known?: readonly (readonly [Part, Part])[],
): void {
  const { pairs, gone, come } = known
    ? {
        pairs: known,
        gone: members.filter((member) => !known.some(([older]) => older === member)),
        come: newMembers.filter((member) => !known.some(([, newer]) => newer === member)),
      }
    : matchAlternatives(members, newMembers, true, renamingOf(pair));
  compareOverlap(pair, now, newMembers, before);
  for (const member of gone) {
    if (pair.use.flow === 'sent' && accepts(pair, member, pair.parts.newer)) continue;
    pair.report('alternative-removed', narrowed, `can no longer be ${alternativeName(member)}`, now, member);
  }
  for (const member of come) {
    if (pair.use.flow === 'received' && accepts(pair, member, pair.parts.older)) continue;
    pair.report('alternative-added', perhapsWidened, `can now also be ${alternativeName(member)}`, member, before);
  }
  for (const [older, newer] of pairs) {
    const same = older.key === pair.parts.older.key && newer.key === pair.parts.newer.key;
    if (!same) pair.all.compare(older, newer, { ...pair.use, nullAside: known !== undefined }, pair.reached);
  }
}

/** Whether a whole schema takes everything that an alternative of the other one can be. */
function accepts(pair: SchemaPair, alternative: Part, whole: Part): boolean {
  const { flow, text } = pair.use;
  const views = [schemaView(whole), ...schemaView(whole).alternatives.flatMap(({ members }) => members.map(schemaView))];
  if (text) return views.some((view) => fitsAsText(schemaView(alternative), view));
  return refusals(schemaNode(alternative, flow), schemaNode(whole, flow)).length === 0;
}

/** What was accepted and fits several alternatives of `oneOf` now is refused. Where a discriminator tells them apart it is not tried. */
function compareOverlap(pair: SchemaPair, group: Part, members: readonly Part[], before: Part): void {
  const { flow, text } = pair.use;
  if (flow !== 'sent' || group.name !== 'oneOf' || pair.newer.at('discriminator')) return;
  // A text that is no number is a string, and one that is a number may be read as either.
  if (text && members.some((member) => schemaView(member).types?.has('string') !== false)) return;
  const [node, newNode] = [schemaNode(pair.parts.older, flow), schemaNode(pair.parts.newer, flow)];
  const found = valueOfSeveral(
    node,
    newNode,
    members.map((member) => schemaNode(member, flow)),
  );
  if (!found) return;
  const value = JSON.stringify(found.value) ?? '';
  const example = value.length > 60 || isSymbolic(found.value) ? '' : `; ${value} fits several`;
  const details = `oneOf accepts a value that fits exactly one alternative${example}.`;
  const fact = 'refuses values of several alternatives';
  pair.report('alternatives-overlap', narrowed, fact, group, before, details);
}

function renamingOf(pair: SchemaPair): Renaming {
  const { flow } = pair.use;
  return {
    isSame: (older, newer) => pair.all.isSame(older, newer, flow),
    isAllowed: (older, newer) => {
      if (!pair.older.at('discriminator') || !pair.newer.at('discriminator')) return true;
      return tagsOf(older, pair.older) === tagsOf(newer, pair.newer);
    },
  };
}

function sameType(a: SchemaView, b: SchemaView): boolean {
  return a.types !== undefined && typeText(a.types) === typeText(b.types);
}

function swapped({ pairs, gone, come }: MatchedAlternatives): MatchedAlternatives {
  return { pairs: pairs.map(([older, newer]) => [newer, older] as const), gone: come, come: gone };
}

function alternativeName(part: Part): string {
  const target = standsFor(part);
  const title = schemaView(part).at('title')?.value;
  if (target.value !== part.value) return `\`${target.schemaName ?? target.name}\``;
  if (typeof title === 'string') return `\`${title}\``;
  const { types } = schemaView(part);
  return types ? typeText(types) : 'something without a type';
}
