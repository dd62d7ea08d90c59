import type { RowChanges, RowTransform, RowTransforms } from '../../row-changes';
import type { TargetSession } from '../../target';
import { quotedIdentifier } from '../sql/quoting';

export const transforms: RowTransforms = {
  statement(transform) {
    const condition = transform.where === undefined ? '' : ` WHERE (${transform.where})`;
    return `UPDATE ${tableOf(transform)} SET ${assignments(transform.set)}${condition};`;
  },
  async open(session, transform) {
    const [column] = await session.query(
      `select format_type(atttypid, atttypmod) as type from pg_catalog.pg_attribute
       where attrelid = to_regclass($1) and attname = $2 and attnum > 0 and not attisdropped`,
      [tableOf(transform), transform.key],
    );
    return column && rowChanges(session, transform, String(column.type));
  },
};

/** @param type the key's, as the server writes it */
function rowChanges(session: TargetSession, transform: RowTransform, type: string): RowChanges {
  const table = tableOf(transform);
  const key = quotedIdentifier(transform.key);
  const condition = transform.where ?? 'true';
  const after = `($1::text is null or ${key} > $1::text::${type})`;
  return {
    async largestKey() {
      const [top] = await session.query(`select ${key}::text as key from ${table} order by ${key} desc limit 1`);
      return top ? String(top.key) : null;
    },
    async count(upper) {
      const counted = `select count(*)::text as rows from ${table} where ${key} <= $1::text::${type} and (${condition})`;
      const [row] = await session.query(counted, [upper]);
      return Number(row?.rows ?? 0);
    },
    async takeMissingStatistics() {
      const [missing] = await session.query(lacksStatistics, [table]);
      if (missing) await session.execute(`analyze (skip_locked) ${table}`);
    },
    // The condition decides nothing here: where the server misjudges it, it would sort all rows that are left for each page.
    async endOfPage(upper, last, rows) {
      const next = `select ${key} from ${table} where ${after} order by ${key} offset ${rows - 1} limit 1`;
      const [page] = await session.query(`select least((${next}), $2::text::${type})::text as key`, [last, upper]);
      return String(page?.key);
    },
    async change(last, end) {
      const changed = await session.query(
        `update ${table} set ${assignments(transform.set)}
         where ${after} and ${key} <= $2::text::${type} and (${condition}) returning ${key}::text as key`,
        [last, end],
      );
      return changed.map((row) => String(row.key));
    },
    async undo(keyList) {
      const restored = await session.query(
        `update ${table} set ${assignments(transform.undo ?? {})} where ${key} = any ($1::text::${type}[]) returning 1`,
        [keyList],
      );
      return restored.length;
    },
  };
}

/** A row where a column that can have statistics has none. */
const lacksStatistics = `select 1 from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.oid = to_regclass($1) and a.attnum > 0 and not a.attisdropped and a.attstattarget is distinct from 0 and a.attgenerated <> 'v'
    and not exists (select from pg_catalog.pg_stats s
      where s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname)
  limit 1`;

/** Qualified and quoted. */
function tableOf({ table }: RowTransform): string {
  const parts = table.split('.');
  return (parts.length === 1 ? ['public', ...parts] : parts).map((part) => quotedIdentifier(part.replace(/^"(.*)"$/, '$1'))).join('.');
}

/** Columns with the expressions of their new values, as UPDATE has them after SET. */
function assignments(set: Readonly<Record<string, string>>): string {
  return Object.entries(set)
    .map(([column, expression]) => `${quotedIdentifier(column)} = (${expression})`)
    .join(', ');
}
