import type { RelationName } from '../../../../databases/observation';
import type { StatementContext } from '../../../context/context';
import { causesIn } from './lock-causes';

/**
 * Bytes per second, a conservative estimate for a server with ordinary disks: to read a table, and to write a table or an index of it.
 * PostgreSQL documents no numbers; an actual server may be several times faster.
 */
export const bytesPerSecond = { scan: 100e6, write: 30e6 } as const;

/** What a statement does to a table whose size is known. */
export interface TimedWork {
  readonly table: RelationName;
  /** `write`: the table or an index of it is written in full. */
  readonly work: 'scan' | 'write';
  readonly bytes: number;
  readonly seconds: number;
}

const builders = new Set(['create-index', 'reindex', 'unique-constraint', 'primary-key', 'exclusion-constraint']);

/** Estimates of the given work. Tables that the statistics do not name are left out. */
export function timesOf(
  { statement, project }: StatementContext,
  works: readonly { readonly table: RelationName; readonly work: 'rewrite' | 'scan' }[],
): TimedWork[] {
  const buildsIndex = statement.node !== undefined && causesIn(statement.node).some(({ cause }) => builders.has(cause));
  return works.flatMap(({ table, work }) => {
    const bytes = project.statistics?.tables.get(table)?.bytes;
    if (bytes === undefined) return [];
    const how = work === 'rewrite' || buildsIndex ? 'write' : 'scan';
    return [{ table, work: how, bytes, seconds: bytes / bytesPerSecond[how] }];
  });
}

/** `8 seconds`, `12 minutes`, `3 hours`. */
export function spokenTime(seconds: number): string {
  const [count, unit] = seconds < 120 ? [seconds, 'second'] : seconds < 7200 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour'];
  const rounded = count < 10 ? Math.round(count * 10) / 10 : Math.round(count);
  return rounded === 1 ? `1 ${unit}` : `${rounded.toLocaleString('en')} ${unit}s`;
}

/** `150 MB`, `20 GB`; decimal units. */
export function spokenSize(bytes: number): string {
  const [count, unit] = bytes >= 1e9 ? [bytes / 1e9, 'GB'] : [bytes / 1e6, 'MB'];
  const rounded = count < 10 ? Math.round(count * 10) / 10 : Math.round(count);
  return `${rounded.toLocaleString('en')} ${unit}`;
}
