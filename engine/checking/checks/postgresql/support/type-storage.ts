import type { StatedType } from './column-types';
import type { TypeChange } from './type-changes';

const texts = new Set(['text', 'varchar']);

/** True when the column's values are known to be stored the same way in both types, so that the server rewrites nothing. */
export function keepsStorage({ before, type, isComputed, collation }: TypeChange): boolean {
  if (!before || isComputed || collation || before.type.isArray !== type.isArray) return false;
  return isStoredAlike(before.type, type);
}

function isStoredAlike(from: StatedType, to: StatedType): boolean {
  if (texts.has(from.name) && texts.has(to.name)) return fits(from.lengths[0], to.lengths[0]);
  if (from.name === 'cidr' && to.name === 'inet') return true;
  if (from.name !== to.name) return false;
  if (from.name === 'numeric') {
    const [precision, scale = 0] = from.lengths;
    const [newPrecision, newScale = 0] = to.lengths;
    return newPrecision === undefined || (precision !== undefined && newPrecision >= precision && newScale === scale);
  }
  if (/^(?:timestamp|time|interval|bit varying|varbit)/.test(from.name)) return fits(from.lengths[0], to.lengths[0]);
  return from.text === to.text;
}

/** True for a text type that differs from the other by its length alone. */
export function isShortened(from: StatedType, to: StatedType): boolean {
  return from.isArray === to.isArray && texts.has(from.name) && texts.has(to.name);
}

function fits(from: number | undefined, to: number | undefined): boolean {
  return to === undefined || (from !== undefined && to >= from);
}

const wideTypes = new Set(['text', 'varchar', 'numeric', 'timestamptz', 'timestamp', 'inet']);

/** True when the old type is not known and columns of the new type often come from a type that is stored the same way. */
export function mayKeepStorage({ before, type, isComputed }: TypeChange): boolean {
  return !before && !isComputed && wideTypes.has(type.name);
}
