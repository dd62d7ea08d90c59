import { perhapsNarrowed, perhapsWidened } from './change';
import type { SchemaPair } from './schema-pair';
import { isAnything } from './schema-view';

/** Compares the items of lists: `items` and `prefixItems`. */
export function compareItems(pair: SchemaPair): void {
  const [before, now] = [pair.older.at('items'), pair.newer.at('items')];
  if (before && now) pair.inside(before, now, `${pair.use.path}[]`, 'item');
  else if (now && !isAnything(now)) pair.report('items-restricted', perhapsNarrowed, 'now restricts its items', now, before);
  else if (before && !isAnything(before)) pair.report('items-unrestricted', perhapsWidened, 'no longer restricts its items', now, before);
  const [tuple, newTuple] = [pair.older.at('prefixItems'), pair.newer.at('prefixItems')];
  const [items, newItems] = [tuple?.children ?? [], newTuple?.children ?? []];
  for (const [index, item] of items.entries()) {
    const other = newItems[index];
    if (other) pair.inside(item, other, `${pair.use.path}[${index}]`, 'item');
  }
  if (newItems.length === items.length) return;
  const [id, impacts] =
    newItems.length < items.length
      ? (['prefix-items-removed', { sent: 'breaking', received: 'risky' }] as const)
      : (['prefix-items-added', { sent: 'risky', received: 'breaking' }] as const);
  pair.report(id, impacts, `now describes ${newItems.length} first items instead of ${items.length}`, newTuple, tuple);
}
