import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LinterFile, LinterReader } from './linter-file';

const fixtures = 'tests/fixtures';

/** What its fixtures are about, in hazards of the catalogue, by their names without `_safe` and `_unsafe`. */
const hazards: Readonly<Record<string, string>> = {
  add_check_constraint: 'P9',
  add_column: 'P12 P13',
  add_column_with_default: 'P12 P13',
  add_exclude_constraint: 'P7',
  add_foreign_key: 'P8',
  add_identity_column: 'P14',
  add_index: 'P1',
  add_json_column: 'P80',
  add_not_null: 'P10',
  add_primary_key: 'P6',
  add_serial_column: 'P14',
  add_unique_constraint: 'P5',
  add_unique_index: 'P1 P4',
  alter_column_type: 'P16 P17 P18 P19 P20',
  alter_column_type_using: 'P16 P17 P18 P19 P20',
  char_type: 'P78',
  create_extension: 'P97',
  create_table_serial: 'P76',
  create_table_without_pk: 'P82',
  delete_with_where: 'P70',
  delete_without_where: 'P70',
  domain_check_constraint: 'P88',
  domain_check_constraint_alter: 'P88',
  drop_column: 'P61',
  drop_column_if_exists: 'P61',
  drop_database: 'P62',
  drop_index: 'P2',
  drop_multiple_columns: 'P61',
  drop_not_null: 'P65',
  drop_primary_key: 'P6 P28 P69',
  drop_table: 'P62',
  generated_column: 'P13',
  idempotency_guard: 'P53',
  refresh_matview: 'P23',
  reindex: 'P3',
  rename_column: 'P64',
  rename_schema: 'P64',
  rename_table: 'P64',
  short_int_pk: 'P75',
  timestamp_type: 'P79',
  truncate_table: 'P63',
  unnamed_constraint: 'P84',
  update_with_where: 'P70',
  update_without_where: 'P70',
};

/** One migration of Diesel a fixture; its name says what the linter thinks of it. */
export const dieselGuard: LinterReader = {
  tool: 'diesel-guard',
  marker: fixtures,
  async read(checkout) {
    const folder = join(checkout, fixtures);
    const names = (await readdir(folder)).filter((name) => /_(?:safe|unsafe)$|^safety_assured_/.test(name)).sort();
    return Promise.all(names.map((name) => fileOf(name, join(folder, name))));
  },
};

async function fileOf(name: string, folder: string): Promise<LinterFile> {
  const rule = name.replace(/_(?:safe|unsafe)$/, '');
  const parts = (await readdir(folder)).filter((part) => /^(?:up|down)\.sql$|^metadata\.toml$/.test(part));
  const texts = await Promise.all(parts.map(async (part) => [part, await readFile(join(folder, part), 'utf8')] as const));
  return {
    tool: 'diesel-guard',
    name,
    rule,
    opinion: name.endsWith('_unsafe') ? 'bad' : 'good',
    scripts: Object.fromEntries(texts.map(([part, text]) => [`migrations/2026-01-01-000000_step/${part}`, text])),
    read: 'directory',
    hazards: (hazards[rule] ?? '').split(' ').filter((hazard) => hazard !== ''),
  };
}
