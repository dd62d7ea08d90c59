import { type Impacts, narrowed, perhapsWidened, replaced, widened } from './change';
import type { Part } from './description';
import type { SchemaPair } from './schema-pair';
import { fingerprint, type SchemaView } from './schema-view';
import { listsBooleans } from './text-values';
import { shown, shownList } from './words';

/** Compares `enum`, `const` and `x-extensible-enum`. @param isRetyped true for texts, of which 1 and "1" are the same */
export function compareValues(pair: SchemaPair, isRetyped: boolean): void {
  const { older, newer } = pair;
  const [before, now] = isRetyped ? [valuesAsTexts(older), valuesAsTexts(newer)] : [older.values, newer.values];
  compareExtensibleValues(pair);
  if (!before && !now) return;
  if (isRetyped && ((isBoolean(older) && listsBooleans(now)) || (isBoolean(newer) && listsBooleans(before)))) return;
  if (!before) {
    const what = now?.keyword === 'const' ? 'const-added' : 'enum-added';
    const allowed = shownList(now?.list.map((value) => value.text) ?? [], 'The allowed values are');
    return pair.report(what, narrowed, `now allows only ${allowed.text}`, now?.part, older.at('type'), allowed.details);
  }
  if (!now) {
    if (before.keyword === 'const')
      return pair.report('const-removed', widened, `is no longer limited to ${shown(before.list[0]?.text)}`, newer.at('type'), before.part);
    return pair.report('enum-removed', perhapsWidened, 'is no longer limited to certain values', newer.at('type'), before.part);
  }
  const open = [older.at('x-extensible-enum'), newer.at('x-extensible-enum')].some((part) => part !== undefined && part.value !== false);
  const gone = before.list.filter((value) => !now.list.some((other) => other.text === value.text));
  const come = now.list.filter((value) => !before.list.some((other) => other.text === value.text));
  if (before.keyword === 'const' && now.keyword === 'const') {
    if (gone.length > 0)
      pair.report(
        'const-changed',
        replaced,
        `changes its value from ${shown(gone[0]?.text)} to ${shown(come[0]?.text)}`,
        now.part,
        before.part,
      );
    return;
  }
  for (const value of gone) pair.report('enum-value-removed', narrowed, `can no longer be ${shown(value.text)}`, now.part, value.part);
  for (const value of come) {
    const impacts: Impacts = open ? { sent: 'addition', received: 'neutral' } : perhapsWidened;
    const details = open ? 'The description tells clients to expect new values.' : undefined;
    pair.report('enum-value-added', impacts, `can now be ${shown(value.text)}`, value.part, before.part, details);
  }
}

/** `x-extensible-enum` as a list holds the known values of a set that may grow. */
function compareExtensibleValues(pair: SchemaPair): void {
  const [before, now] = [pair.older.at('x-extensible-enum'), pair.newer.at('x-extensible-enum')];
  if (!Array.isArray(before?.value) || !Array.isArray(now?.value)) return;
  const texts = (part: Part) => part.children.map((item) => fingerprint(item.value));
  const [known, left] = [texts(before), texts(now)];
  for (const item of before.children) {
    const text = fingerprint(item.value);
    if (!left.includes(text)) pair.report('x-extensible-enum-value-removed', narrowed, `no longer lists ${shown(text)}`, now, item);
  }
  for (const item of now.children) {
    const text = fingerprint(item.value);
    if (!known.includes(text))
      pair.report('x-extensible-enum-value-added', { sent: 'addition', received: 'neutral' }, `now lists ${shown(text)}`, item, before);
  }
}

function valuesAsTexts({ values }: SchemaView): SchemaView['values'] {
  return values && { ...values, list: values.list.map(({ part }) => ({ part, text: String(part.value) })) };
}

function isBoolean({ types }: SchemaView): boolean {
  return types?.size === 1 && types.has('boolean');
}
