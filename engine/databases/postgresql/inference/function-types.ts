/** Types that common functions of the server return. */
export const functionTypes: Readonly<Record<string, string>> = {
  ...all('timestamptz', 'now clock_timestamp statement_timestamp transaction_timestamp date_trunc to_timestamp'),
  ...all('text', 'lower upper initcap trim btrim ltrim rtrim concat concat_ws md5 replace substr substring split_part left right'),
  ...all('text', 'regexp_replace to_char format string_agg lpad rpad repeat reverse translate quote_ident quote_literal encode'),
  ...all('bigint', 'count nextval setval currval row_number rank dense_rank'),
  ...all('integer', 'length char_length octet_length array_length cardinality ascii strpos jsonb_array_length'),
  ...all('numeric', 'sum avg round ceil ceiling floor extract date_part power sqrt'),
  ...all('double precision', 'random'),
  ...all('uuid', 'gen_random_uuid uuidv7 uuidv4 uuid_generate_v1 uuid_generate_v4'),
  ...all('jsonb', 'jsonb_build_object jsonb_build_array to_jsonb jsonb_agg jsonb_object_agg jsonb_set jsonb_strip_nulls'),
  ...all('json', 'json_build_object json_build_array to_json json_agg row_to_json'),
  ...all('tsvector', 'to_tsvector setweight'),
  ...all('tsquery', 'to_tsquery plainto_tsquery websearch_to_tsquery phraseto_tsquery'),
  ...all('boolean', 'bool_and bool_or every pg_try_advisory_lock'),
  ...all('interval', 'age make_interval'),
  ...all('date', 'to_date make_date'),
  ...all('text[]', 'string_to_array regexp_split_to_array'),
  ...all('bytea', 'decode digest sha256'),
};

function all(type: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, type]));
}

const firstIs = (type: string) => (index: number) => (index === 0 ? type : undefined);
const secondIs = (type: string) => (index: number) => (index === 1 ? type : undefined);
const everyIs = (type: string) => () => type;

const parameters: readonly (readonly [names: string, typeAt: (index: number) => string | undefined])[] = [
  ['lower upper initcap trim btrim ltrim rtrim length char_length md5 replace substr substring split_part left right', firstIs('text')],
  ['regexp_replace regexp_match regexp_matches string_to_array string_agg translate lpad rpad strpos similarity unaccent', firstIs('text')],
  ['sum avg round ceil ceiling floor abs sqrt power', firstIs('numeric')],
  ['date_trunc extract date_part', secondIs('timestamptz')],
  ['age', everyIs('timestamptz')],
  ['jsonb_set jsonb_array_length jsonb_array_elements jsonb_each jsonb_each_text jsonb_object_keys jsonb_typeof', firstIs('jsonb')],
  ['jsonb_array_elements_text jsonb_extract_path_text jsonb_strip_nulls', firstIs('jsonb')],
  ['array_length cardinality unnest array_append array_remove array_to_string', firstIs('text[]')],
  ['bool_and bool_or every', firstIs('boolean')],
];

const byName = new Map(parameters.flatMap(([names, typeAt]) => names.split(' ').map((name) => [name, typeAt] as const)));

/** What common functions of the server take at each place of their arguments. */
export function argumentTypes(name: string): ((index: number) => string | undefined) | undefined {
  return byName.get(name);
}
