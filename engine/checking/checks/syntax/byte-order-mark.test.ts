import { expect, it } from 'vitest';
import { check } from './byte-order-mark';
import { check as layoutProblem } from '../history/layout-problem';
import { fileCheck } from '../testing/sql-check';

const { findingsIn } = fileCheck(check);

const mark = '\uFEFF';

async function messages(fixture: Readonly<Record<string, string>>): Promise<string[]> {
  const findings = await findingsIn(fixture, { also: [layoutProblem] });
  return findings.filter(({ severity }) => severity === 'error').map(({ file, message }) => `${file.split('/').at(-1)}: ${message}`);
}

it('reports scripts, down scripts too, of tools that send the mark', async () => {
  expect(await messages({ '0001_a.up.sql': `${mark}SELECT 1;\r\n`, '0001_a.down.sql': `${mark}-- nothing\n` })).toEqual([
    '0001_a.down.sql: Fails: the file starts with a byte order mark, which golang-migrate sends to the server',
    '0001_a.up.sql: Fails: the file starts with a byte order mark, which golang-migrate sends to the server',
  ]);
  const cargo = { '../Cargo.toml': '[dependencies]\nsqlx = "0.8"\n', '0001_a.sql': `${mark}SELECT 1;` };
  expect(await messages(cargo)).toMatchObject([expect.stringContaining('which sqlx sends')]);
  expect(await messages({ '20240101000000_a/migration.sql': `${mark}SELECT 1;`, 'migration_lock.toml': '' })).toHaveLength(1);
  expect(await messages({ '2024-01-01_a/up.sql': `${mark}SELECT 1;` })).toMatchObject([expect.stringContaining('which Diesel sends')]);
  expect(await messages({ '1_a.sql': `${mark}-- Up Migration\nSELECT 1;`, '2_b.sql': '-- Up Migration\n' })).toHaveLength(1);
});

it('advises to save the file without the mark', async () => {
  const [finding] = await findingsIn({ '0001_a.up.sql': `${mark}SELECT 1;` });
  expect(finding?.advice).toBe('Save the file as UTF-8 without a byte order mark.');
});

it('reports it if the tool refuses the file', async () => {
  expect(await messages({ '00001_a.sql': `${mark}-- +goose Up\nSELECT 1;\n` })).toMatchObject([
    '00001_a.sql: Fails: the file starts with a byte order mark, and goose refuses the file',
  ]);
  expect(await messages({ '1_a.sql': `${mark}-- migrate:up\nSELECT 1;\n` })).toMatchObject([expect.stringContaining('and dbmate refuses')]);
});

it('is silent if the tool skips the mark, cuts it off, or is not known', async () => {
  expect(await messages({ 'V1__a.sql': `${mark}SELECT 1;` })).toEqual([]);
  expect(await messages({ '1_a.sql': `${mark}-- why\n-- Up Migration\nSELECT 1;`, '2_b.sql': '-- Up Migration\n' })).toEqual([]);
  expect(await messages({ '0001_a.sql': `${mark}SELECT 1;` })).toEqual([]);
  expect(await messages({ '0001_a.up.sql': 'SELECT 1;' })).toEqual([]);
});
