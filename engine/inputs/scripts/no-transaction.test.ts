import { expect, test } from 'vitest';
import { noTransactionEdit } from './index';
import type { LayoutName } from '../../core/scripts';
import { readDirectory } from './testing/test-directories';

/** The file after the edit, or undefined when there is none. The tool must then run its up outside a transaction. */
async function withoutTransaction(layout: LayoutName, name: string, text: string): Promise<string | undefined> {
  const before = await readDirectory({ [name]: text, 'atlas.sum': '' }, layout);
  const up = before.migrations[0]?.up;
  const edit = up && noTransactionEdit(before, up);
  if (!edit) return undefined;
  const changed = text.slice(0, edit.range.start) + edit.newText + text.slice(edit.range.end);
  const after = await readDirectory({ [name]: changed, 'atlas.sum': '' }, layout);
  expect(after.problems).toEqual([]);
  expect(after.migrations[0]?.up.transaction).toBe('none');
  return changed;
}

test('puts the header of plain, loose and sqlx files on the first line, with the line ends of the file', async () => {
  for (const layout of ['plain', 'loose', 'sqlx'] as const)
    expect(await withoutTransaction(layout, '1_a.sql', '-- why\r\nSELECT 1;\r\n')).toBe('-- no-transaction\r\n-- why\r\nSELECT 1;\r\n');
});

test("adds the option to dbmate's directive of the direction alone", async () => {
  const text = '-- migrate:up transaction:true\nSELECT 1;\n-- migrate:down\nSELECT 2;\n';
  expect(await withoutTransaction('dbmate', '1_a.sql', text)).toBe(
    '-- migrate:up transaction:false\nSELECT 1;\n-- migrate:down\nSELECT 2;\n',
  );
  expect(await withoutTransaction('dbmate', '1_a.sql', `${text}${text}`)).toBeUndefined();
});

test("leaves goose's file alone where the other direction would lose a transaction that it needs", async () => {
  const text = '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n';
  expect(await withoutTransaction('goose', '1_a.sql', text)).toBe(`-- +goose NO TRANSACTION\n${text}`);
  expect(await withoutTransaction('goose', '1_a.sql', `${text}SELECT 3;\n`)).toBeUndefined();
});

test("writes Atlas's directive into the head of the file and makes a head where there is none", async () => {
  const cases = [
    ['SELECT 1;\n', '-- atlas:txmode none\n\nSELECT 1;\n'],
    ['-- why\nSELECT 1;\n', '-- atlas:txmode none\n\n-- why\nSELECT 1;\n'],
    ['-- why\n\nSELECT 1;\n', '-- atlas:txmode none\n-- why\n\nSELECT 1;\n'],
    ['-- atlas:txmode file\n\nSELECT 1;\n', '-- atlas:txmode none\n\nSELECT 1;\n'],
  ] as const;
  for (const [before, after] of cases) expect(await withoutTransaction('atlas', '1_a.sql', before)).toBe(after);
});

test('has no edit where the setting is in another file, where there is none, and where nothing opens a transaction', async () => {
  expect(await withoutTransaction('flyway', 'V1__a.sql', 'SELECT 1;')).toBeUndefined();
  expect(await withoutTransaction('golang-migrate', '1_a.up.sql', 'SELECT 1;')).toBeUndefined();
  expect(await withoutTransaction('plain', '1_a.sql', '-- no-transaction\nSELECT 1;')).toBeUndefined();
});
