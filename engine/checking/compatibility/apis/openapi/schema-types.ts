import { narrowed, perhapsNarrowed, perhapsWidened, replaced, unclear, widened } from './change';
import type { Part } from './description';
import type { SchemaPair } from './schema-pair';
import { typeText } from './schema-view';
import { fitsAsText, isList, isSingle, mayHoldSeparator } from './text-values';
import { shown } from './words';

/**
 * What two schemas have in common by their types. `apart`: nothing, so that the rest cannot be compared. `retyped`: texts that have
 * other types than before and fit all the same.
 */
type CommonTypes = 'apart' | 'alike' | 'retyped';

/** Compares `type`, and whether null is allowed. */
export function compareTypes(pair: SchemaPair): CommonTypes {
  const { older, newer } = pair;
  const [before, now] = [older.types, newer.types];
  const [atOlder, atNewer] = [older.at('type'), newer.at('type')];
  if (!before || !now) {
    if (older.alternatives.length > 0 || newer.alternatives.length > 0) return 'alike';
    if (now) pair.report('type-added', perhapsNarrowed, `now has the type ${typeText(now)}`, atNewer, atOlder);
    if (before) pair.report('type-removed', perhapsWidened, `no longer has the type ${typeText(before)}`, atNewer, atOlder);
    return 'alike';
  }
  const gone = [...before].filter((type) => !now.has(type));
  const come = [...now].filter((type) => !before.has(type));
  const fact = `changes from ${typeText(before)} to ${typeText(now)}`;
  const asTexts = gone.length > 0 && come.length > 0 ? compareTexts(pair, fact) : undefined;
  if (asTexts) return asTexts;
  if (gone.length > 0 && come.length > 0) pair.report('type-changed', replaced, fact, atNewer, atOlder);
  else if (gone.length > 0) pair.report('type-narrowed', narrowed, fact, atNewer, atOlder);
  else if (come.length > 0) pair.report('type-widened', widened, fact, atNewer, atOlder);
  if (pair.use.nullAside !== true) compareNull(pair, atOlder, atNewer);
  return gone.length === 0 || come.length === 0 || [...now].some((type) => before.has(type)) ? 'alike' : 'apart';
}

/** @param atOlder where null is ruled out or allowed, unless `nullable` says so */
export function compareNull(pair: SchemaPair, atOlder: Part | undefined, atNewer: Part | undefined): void {
  const { older, newer } = pair;
  const nullAt = [newer.at('nullable') ?? atNewer, older.at('nullable') ?? atOlder] as const;
  if (newer.nullable && !older.nullable) pair.report('became-nullable', widened, 'can now be null', ...nullAt);
  if (older.nullable && !newer.nullable) pair.report('became-not-nullable', narrowed, 'can no longer be null', ...nullAt);
}

/** What a change of types means for plain texts, in which 1 and "1" are the same. @returns undefined where it means what it says */
function compareTexts(pair: SchemaPair, fact: string): CommonTypes | undefined {
  const { flow, text } = pair.use;
  if (!text) return undefined;
  const isSent = flow === 'sent';
  const [writer, reader] = isSent ? [pair.older, pair.newer] : [pair.newer, pair.older];
  const [atOlder, atNewer] = [pair.older.at('type'), pair.newer.at('type')];
  const fits = () => pair.report(isSent ? 'type-widened' : 'type-narrowed', isSent ? widened : narrowed, fact, atNewer, atOlder);
  if (fitsAsText(writer, reader)) {
    fits();
    return 'retyped';
  }
  if (text === 'leaf' || text === 'form') return undefined;
  if (isList(writer) && isSingle(reader) && text === 'separated' && reader.types?.has('string')) {
    pair.report('type-changed', unclear, fact, atNewer, atOlder);
    return 'apart';
  }
  if (!isSingle(writer) || !isList(reader) || Number(reader.at('minItems')?.value ?? 0) > 1) return undefined;
  // A single value reads as a list of one.
  if (text === 'separated' && mayHoldSeparator(writer))
    pair.report('type-changed', unclear, fact, atNewer, atOlder, 'A value that contains a separator becomes several values.');
  else fits();
  const items = reader.at('items');
  const use = { ...pair.use, text: 'leaf' as const, nullAside: false };
  if (items && isSent) pair.all.compare(pair.parts.older, items, use, pair.reached);
  else if (items) pair.all.compare(items, pair.parts.newer, use, pair.reached);
  return 'apart';
}

export function compareFormat(pair: SchemaPair): void {
  const [atOlder, atNewer] = [pair.older.at('format'), pair.newer.at('format')];
  const [before, now] = [atOlder?.value, atNewer?.value];
  if (before === now) return;
  const wider = new Map([
    ['int32', 'int64'],
    ['float', 'double'],
    ['date', 'date-time'],
  ]);
  const fact = `changes its format from ${shown(before)} to ${shown(now)}`;
  if (before === undefined) pair.report('format-added', perhapsNarrowed, `now has the format ${shown(now)}`, atNewer, atOlder);
  else if (now === undefined) pair.report('format-removed', perhapsWidened, `no longer has the format ${shown(before)}`, atNewer, atOlder);
  else if (before !== 'date' && wider.get(String(before)) === now) pair.report('format-widened', widened, fact, atNewer, atOlder);
  else if (now !== 'date' && wider.get(String(now)) === before) pair.report('format-narrowed', narrowed, fact, atNewer, atOlder);
  else pair.report('format-changed', replaced, fact, atNewer, atOlder);
}
