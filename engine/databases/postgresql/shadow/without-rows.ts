import type { DatabaseError } from '../../observation';
import { mayFailOverRows } from './reads-rows';
import { changedBy, type Removal, type SeedRows } from './seeding/seed-rows';
import type { WireResult } from './wire';

/** The made-up rows that a statement finds: 2 all of them as they were made, 1 fewer or other ones, 0 none. */
export type RowsLevel = 0 | 1 | 2;

/** What a statement finds of made-up rows once a removal was carried out. */
export function rowsLevel(seeds: SeedRows | undefined, removal: Removal): RowsLevel {
  if (!seeds?.all().some((oid) => !removal.tables.includes(oid))) return 0;
  return changedBy(removal).length === 0 ? 2 : 1;
}

/** True when a statement that failed may work over other rows, or over none. */
export function rowsMayBeAtFault(error: DatabaseError | WireResult['error'], text: string): boolean {
  if (!error) return false;
  return error.gaveUp === undefined ? mayFailOverRows(error, text) : error.gaveUp !== 'refused' && error.gaveUp !== 'lacked';
}

/** How trying again ended: the removal with which the statement worked, if any, and the last answer of the server. */
interface Retried {
  readonly removal?: Removal;
  readonly result: WireResult;
}

/**
 * Tries a statement that failed over made-up rows again with other ones, with fewer, and without any, until it works.
 * @param before what had been taken away when it failed
 * @param attempt takes made-up rows away and runs the statement again, from the state before it; undefined when that cannot be done
 */
export async function retryWithoutRows(
  seeds: SeedRows,
  text: string,
  before: Removal,
  first: WireResult,
  attempt: (removal: Removal) => Promise<WireResult | undefined>,
): Promise<Retried> {
  let result = first;
  let removal: Removal | undefined = before;
  while (result.error && rowsMayBeAtFault(result.error, text)) {
    removal = seeds.nextRemoval(removal, text, result.error);
    if (!removal) break;
    const next = await attempt(removal);
    if (!next) break;
    result = next;
    if (!result.error) return { removal, result };
  }
  return { result };
}
