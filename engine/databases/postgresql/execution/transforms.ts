import type { RowChanges, RowTransform, RowTransforms } from '../../row-changes';
import type { TargetSession } from '../../target';
import { quotedIdentifier, textArray } from '../sql/quoting';

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
  const update = (set: Readonly<Record<string, string>>, returned: string) =>
    `update ${table} set ${assignments(set)} where ${key} = any ($1::text::${type}[]) returning ${returned}`;
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
    async nextPage(upper, last) {
      const page = await session.query(
        `select ${key}::text as key from ${table}
         where ${key} <= $1::text::${type} and ($2::text is null or ${key} > $2::text::${type}) and (${condition})
         order by ${key} limit ${transform.batch} for no key update`,
        [upper, last],
      );
      return page.map((row) => String(row.key));
    },
    async change(keys) {
      const changed = await session.query(update(transform.set, `${key}::text as key`), [textArray(keys)]);
      return changed.map((row) => String(row.key));
    },
    async undo(keyList) {
      return (await session.query(update(transform.undo ?? {}, '1'), [keyList])).length;
    },
  };
}

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
