import type { RecordedTable, RowRecord, ScriptWrite } from '../../databases/row-record';
import { listedBriefly } from '../../core/wording';
import type { StoredRows } from '../journal/journal-state';
import type { VerdictPart } from '../plan';

/** What is known when the rows are compared. */
export interface RowComparison {
  /** Records of the journal in order, from the state to which the rollback returns. */
  readonly history: readonly StoredRows[];
  /** The rollback. */
  readonly run: string;
  readonly now: RowRecord;
  /** What the scripts that were undone, and their down scripts, change. */
  readonly writes: readonly ScriptWrite[];
}

const shownNames = 5;
/** The hash of a column without values. */
const noValues = '0';

/**
 * Compares the rows after a rollback with those from before the upgrade. A difference is the fault of the rollback only where the scripts
 * write the column and nothing else wrote the table between the runs; every other difference is said to be not compared.
 */
export function rowVerdict(comparison: RowComparison): VerdictPart {
  const { history, now } = comparison;
  const before = history[0]?.record;
  if (!before) return { result: 'not-compared', message: 'The rows were not compared: the journal has no record of them.' };
  const groups = { restored: [] as string[], left: [] as string[], written: [] as string[], unread: [...before.unread] };
  for (const [name, table] of Object.entries(before.tables)) {
    const after = now.tables[name];
    if (now.unread.includes(name) || now.limit !== before.limit) groups.unread.push(name);
    else if (after) {
      const different = differingColumns(table, after);
      const left = different.filter((column) => isLeft(comparison, name, column));
      if (different.length === 0) groups.restored.push(name);
      else if (left.length === 0) groups.written.push(name);
      else groups.left.push(...(isWhole(table, after, left) ? [name] : left.map((column) => `${name}.${column}`)));
    }
  }
  const read = Object.values(before.tables);
  const bound = read.some(({ rows }) => rows >= before.limit)
    ? ` Of large tables the first ${before.limit.toLocaleString('en')} rows were compared.`
    : '';
  const uncompared = [
    ...(groups.written.length > 0 ? [`Not compared, because they were also written outside the scripts: ${short(groups.written)}.`] : []),
    ...(groups.unread.length > 0 ? [`Not compared, because they could not be read in full: ${short(groups.unread)}.`] : []),
  ];
  const restored =
    groups.restored.length === 0
      ? []
      : [`The rows of ${groups.restored.length === 1 ? '1 table' : `${groups.restored.length} tables`} are restored.`];
  if (groups.left.length > 0) {
    return { result: 'different', message: [`Not restored: ${short(groups.left)}.`, ...restored, ...uncompared].join(' ') + bound };
  }
  if (uncompared.length > 0) return { result: 'not-compared', message: [...restored, ...uncompared].join(' ') + bound };
  return { result: 'same', message: (restored[0] ?? 'There were no tables.') + bound };
}

/** The columns of both whose values differ; all of them where the number of rows does. */
function differingColumns(before: RecordedTable, after: RecordedTable): string[] {
  const names = Object.keys(before.rows === 0 ? after.columns : before.columns);
  if (before.rows !== after.rows) return names;
  return names.filter((name) => name in after.columns && before.columns[name] !== after.columns[name]);
}

/** True when the rollback is to blame for the difference in a column. */
function isLeft({ history, run, now, writes }: RowComparison, name: string, column: string): boolean {
  const records = history.map(({ record }) => record);
  const isDropped = records.slice(1).some(({ tables }) => tables[name] === undefined || hashOf(tables[name], column) === undefined);
  const [before, after] = [records[0]?.tables[name], now.tables[name]];
  if (isDropped && before && after && isEmptied(before, after, column)) return true;
  if (!isDropped && !writes.some((write) => isWriteTo(write, name, column))) return false;
  if (!isQuiet(history, name)) return false;
  const begun = history.find((each) => each.run === run)?.record.tables[name];
  const isUntouched = begun !== undefined && hashOf(begun, column) === hashOf(now.tables[name], column);
  // A down script may compute the values from other tables, so that all of them count.
  return isUntouched || tablesOf(records).every((each) => isQuiet(history, each));
}

/** True where values that were dropped are NULL or gone. */
function isEmptied(before: RecordedTable, after: RecordedTable, column: string): boolean {
  return after.rows === 0 ? false : hashOf(before, column) !== noValues && hashOf(after, column) === noValues;
}

function isWhole(before: RecordedTable, after: RecordedTable, columns: readonly string[]): boolean {
  return before.rows !== after.rows || columns.length === Object.keys(after.columns).length;
}

function isWriteTo({ schema, table, columns }: ScriptWrite, name: string, column: string): boolean {
  const isTable = schema === undefined ? name.endsWith(`.${table}`) : name === `${schema}.${table}`;
  return isTable && (columns === undefined || columns.includes(column));
}

/** True when the rows of the table were, at the begin of each run, what the run before had left. */
function isQuiet(history: readonly StoredRows[], name: string): boolean {
  return history.every(({ moment, record }, index) => {
    const earlier = history[index - 1]?.record;
    if (moment !== 'begin' || !earlier) return true;
    if (earlier.unread.includes(name) || record.unread.includes(name) || earlier.limit !== record.limit) return false;
    const [one, other] = [earlier.tables[name], record.tables[name]];
    if (!one || !other) return one === other;
    return one.rows === other.rows && JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
  });
}

function sorted({ columns }: RecordedTable): [string, string][] {
  return Object.entries(columns).sort(([a], [b]) => (a < b ? -1 : 1));
}

function tablesOf(records: readonly RowRecord[]): string[] {
  return [...new Set(records.flatMap(({ tables, unread }) => [...Object.keys(tables), ...unread]))];
}

/** Zero rows hash to nothing, whatever the columns are. */
function hashOf(table: RecordedTable | undefined, column: string): string | undefined {
  return table?.rows === 0 ? '' : table?.columns[column];
}

function short(names: readonly string[]): string {
  return listedBriefly(
    names.map((name) => name.replace(/^public\./, '')),
    shownNames,
  );
}
