import { narrowed, perhapsNarrowed, perhapsWidened, replaced, unclear } from './change';
import type { Part } from './description';
import type { SchemaPair } from './schema-pair';
import { type SchemaView, standsFor } from './schema-view';

/** Compares the property that tells alternatives apart, and its mapping of values to schemas. */
export function compareDiscriminator(pair: SchemaPair): void {
  const [before, now] = [pair.older.at('discriminator'), pair.newer.at('discriminator')];
  if (!before && !now) return;
  if (!before)
    return pair.report(
      'discriminator-added',
      perhapsNarrowed,
      `now has the discriminator \`${String(now?.fields.propertyName)}\``,
      now,
      before,
    );
  if (!now) return pair.report('discriminator-removed', perhapsWidened, 'no longer has a discriminator', now, before);
  const [name, newName] = [before.get('propertyName'), now.get('propertyName')];
  if (name?.value !== newName?.value) {
    pair.report(
      'discriminator-changed',
      replaced,
      `changes its discriminator from \`${String(name?.value)}\` to \`${String(newName?.value)}\``,
      newName,
      name,
    );
  }
  const [mapping, newMapping] = [before.get('mapping'), now.get('mapping')];
  for (const entry of mapping?.children ?? []) {
    const other = newMapping?.get(entry.name);
    if (!other)
      pair.report(
        'discriminator-value-removed',
        narrowed,
        `no longer has the discriminator value \`${entry.name}\``,
        newMapping ?? now,
        entry,
      );
    else if (other.value !== entry.value && !meansTheSame(pair, entry, other))
      pair.report('discriminator-value-changed', unclear, `maps the discriminator value \`${entry.name}\` to another schema`, other, entry);
  }
  for (const entry of newMapping?.children ?? []) {
    if (!mapping?.get(entry.name))
      pair.report(
        'discriminator-value-added',
        perhapsWidened,
        `now has the discriminator value \`${entry.name}\``,
        entry,
        mapping ?? before,
      );
  }
}

function meansTheSame(pair: SchemaPair, entry: Part, other: Part): boolean {
  const [target, newTarget] = [mapped(entry), mapped(other)];
  return target !== undefined && newTarget !== undefined && pair.all.isSame(target, newTarget, pair.use.flow);
}

/** The schema that an entry of a discriminator's mapping names. */
function mapped(entry: Part): Part | undefined {
  const name = String(entry.value);
  return entry.description.target(entry, /[#/.]/.test(name) ? name : `#/components/schemas/${name}`);
}

/** The values of a discriminator that stand for an alternative: those of its mapping, else the name of the schema. */
export function tagsOf(alternative: Part, view: SchemaView): string {
  const { key, schemaName } = standsFor(alternative);
  const entries = view.at('discriminator')?.get('mapping')?.children ?? [];
  const names = entries.filter((entry) => mapped(entry)?.key === key).map((entry) => entry.name);
  return names.length > 0 ? names.sort().join(' ') : (schemaName ?? '');
}
