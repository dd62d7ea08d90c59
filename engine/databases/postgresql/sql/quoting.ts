/** Words that PostgreSQL reads as names only when they are quoted (manual, appendix C). */
const reservedWords = new Set(
  [
    'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently',
    'constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default',
    'deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner',
    'intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or order',
    'outer overlaps placing primary references returning right select session_user similar some symmetric system_user table tablesample then',
    'to trailing true union unique user using variadic verbose when where window with',
  ].flatMap((words) => words.split(' ')),
);

/** An SQL identifier as it must be written: quoted only where it has to be. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !reservedWords.has(name) ? name : quotedIdentifier(name);
}

/** The same, always quoted. */
export function quotedIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string constant, as a server with `standard_conforming_strings` reads it. */
export function stringConstant(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A constant of type `text[]`, as a parameter or with `stringConstant` around it. */
export function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;
}
