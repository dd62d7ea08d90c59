import { Lexer } from '../../databases/postgresql/sql/lexer';
import { loadSqlParser } from '../../databases/postgresql/sql/library';
import { parseStatements } from '../../databases/postgresql/sql/parser';
import type { Dialect } from '../../core/dialects';

/** Each pattern is SQL that these databases have and PostgreSQL does not. Read without comments and the text of strings. */
const marks: readonly { readonly pattern: RegExp; readonly of: readonly Dialect[] }[] = [
  { pattern: /`\w/, of: ['mysql', 'sqlite'] },
  { pattern: /\bauto_increment\b/i, of: ['mysql'] },
  { pattern: /\bengine\s*=?\s*(?:innodb|myisam|aria|ndb|tokudb)\b/i, of: ['mysql'] },
  { pattern: /\b(?:default\s+charset|character\s+set|charset|collate)\s*=?\s*(?:utf8|latin1|ascii)/i, of: ['mysql'] },
  {
    pattern: /\b(?:int|integer|bigint|smallint|tinyint|mediumint|decimal|double|float)\s*(?:\(\s*\d+\s*(?:,\s*\d+\s*)?\))?\s+unsigned\b/i,
    of: ['mysql'],
  },
  { pattern: /\b(?:mediumint|mediumtext|longtext|tinytext|longblob|mediumblob|tinyblob)\b/i, of: ['mysql'] },
  { pattern: /\btinyint\b/i, of: ['mysql', 'sqlserver'] },
  { pattern: /\binsert\s+ignore\b/i, of: ['mysql'] },
  { pattern: /\bon\s+duplicate\s+key\b/i, of: ['mysql'] },
  { pattern: /\bon\s+update\s+current_timestamp\b/i, of: ['mysql'] },
  { pattern: /\balter\s+table\s+\S+\s+(?:modify|change)\b/i, of: ['mysql'] },
  { pattern: /^[ \t]*delimiter[ \t]+\S+[ \t]*$/im, of: ['mysql'] },
  { pattern: /(?<!\bas\s+)\benum\s*\(/i, of: ['mysql'] },
  { pattern: /\bunlock\s+tables\b|\bforeign_key_checks\b|\bsql_mode\b/i, of: ['mysql'] },
  { pattern: /\bautoincrement\b/i, of: ['sqlite'] },
  { pattern: /^[ \t]*pragma[ \t]+\w+/im, of: ['sqlite'] },
  { pattern: /\bwithout\s+rowid\b/i, of: ['sqlite'] },
  { pattern: /\)[ \t]*strict\s*(?:,|;|$)/im, of: ['sqlite'] },
  { pattern: /\binsert\s+or\s+(?:replace|ignore)\b/i, of: ['sqlite'] },
  { pattern: /\b(?:strftime|julianday|unixepoch|randomblob)\s*\(/i, of: ['sqlite'] },
  { pattern: /\bdatetime\s*\(\s*'/i, of: ['sqlite'] },
  { pattern: /\bsqlite_\w+|\bcreate\s+virtual\s+table\b/i, of: ['sqlite'] },
  { pattern: /\bdatetime\b(?!\s*\(\s*')/i, of: ['mysql', 'sqlite', 'sqlserver'] },
  { pattern: /\bblob\b/i, of: ['mysql', 'sqlite', 'oracle'] },
  { pattern: /^[ \t]*go[ \t]*;?[ \t]*$/im, of: ['sqlserver'] },
  { pattern: /\bidentity\s*\(\s*\d+\s*,\s*\d+\s*\)/i, of: ['sqlserver'] },
  { pattern: /\b(?:nvarchar|datetime2|datetimeoffset|uniqueidentifier|smalldatetime)\b/i, of: ['sqlserver'] },
  { pattern: /\[\w+\]\s*\.\s*\[\w+\]|\b(?:table|into|view|exists)\s+\[\w+\]/i, of: ['sqlserver'] },
  { pattern: /\b(?:non)?clustered\b/i, of: ['sqlserver'] },
  { pattern: /\bsys\s*\.\s*\w+|\bobject_id\s*\(|\bsp_rename\b/i, of: ['sqlserver'] },
  { pattern: /\bdeclare\s+@\w+|\bset\s+(?:ansi_nulls|quoted_identifier|nocount)\s+o(?:n|ff)\b/i, of: ['sqlserver'] },
  { pattern: /\bn?varchar2\b/i, of: ['oracle'] },
  { pattern: /\bnumber\s*\(\s*\d+/i, of: ['oracle'] },
  { pattern: /\bsysdate\b|\bsystimestamp\b|\.nextval\b|\bfrom\s+dual\b/i, of: ['oracle'] },
  { pattern: /^[ \t]*\/[ \t]*$/m, of: ['oracle'] },
  { pattern: /\bcreate\s+or\s+replace\s+(?:editionable\s+)?package\b/i, of: ['oracle'] },
  { pattern: /\bengine\s*=?\s*(?:\w*mergetree|distributed|kafka)\b/i, of: ['clickhouse'] },
  { pattern: /\b(?:lowcardinality|fixedstring|datetime64)\s*\(|\bon\s+cluster\b/i, of: ['clickhouse'] },
];

/** SQL that PostgreSQL has and none of the others. */
const ownMarks =
  /::\s*"?[a-z_]|\b(?:big|small)?serial\b|\bjsonb\b(?!\s*\()|\btimestamptz\b|\bcreate\s+extension\b|\bilike\b|\bplpgsql\b|\bconcurrently\b|\busing\s+(?:gin|gist|brin|spgist)\b|\bbytea\b|\bas\s+enum\b|\w\s*\[\]|\bowner\s+to\b|\bgen_random_uuid\b|\buuid_generate_v\d\b|\bregclass\b/i;

/** Types and functions that PostgreSQL has not got; a script may define one of them itself. */
const foreignNames =
  /\b(mediumint|tinyint|mediumtext|longtext|tinytext|longblob|nvarchar|datetime2|uniqueidentifier|n?varchar2|nclob|strftime|julianday|unixepoch|randomblob)\b/gi;

const mostScripts = 40;
const longestSample = 20_000;

/** How the scripts of a directory read: as which databases', and how many of them as PostgreSQL's alone. */
export interface DialectContent {
  readonly scripts: number;
  readonly postgresql: number;
  /** Scripts with SQL of each database, the most frequent first. */
  readonly foreign: readonly ForeignContent[];
}

interface ForeignContent {
  readonly dialect: Dialect;
  readonly scripts: number;
  /** How many marks were seen that are hardly a name in PostgreSQL, as `datetime` may be. */
  readonly sure: number;
  readonly texts: readonly string[];
}

/** Looks at a bounded number of scripts, spread over all of them. */
export function contentOf(scripts: readonly string[]): DialectContent {
  const texts = spread(scripts.filter((text) => /\S/.test(text)));
  const exclusive = new Map<Dialect, number>();
  const sure = new Map<Dialect, number>();
  const found = new Map<Dialect, string[]>();
  let postgresql = 0;
  for (const text of texts) {
    const { code, hasDollarQuote } = codeOf(text.slice(0, longestSample));
    if (hasDollarQuote || ownMarks.test(code)) postgresql++;
    const seen = new Set<Dialect>();
    for (const { pattern, of } of marks) {
      if (!pattern.test(code)) continue;
      for (const dialect of of) {
        seen.add(dialect);
        if (of.length === 1 || pattern.source.startsWith('`')) sure.set(dialect, (sure.get(dialect) ?? 0) + 1);
      }
      const [only, ...others] = of;
      if (only && others.length === 0) exclusive.set(only, (exclusive.get(only) ?? 0) + 1);
    }
    for (const dialect of seen) found.set(dialect, [...(found.get(dialect) ?? []), text]);
  }
  const foreign = [...found]
    .map(([dialect, each]) => ({ dialect, scripts: each.length, sure: sure.get(dialect) ?? 0, texts: each }))
    .sort((a, b) => (exclusive.get(b.dialect) ?? 0) - (exclusive.get(a.dialect) ?? 0) || b.scripts - a.scripts);
  return { scripts: texts.length, postgresql, foreign };
}

/**
 * The database whose SQL most of the scripts are in, where PostgreSQL refuses some of it: its parser, or a type or
 * function that it has not got and no script defines. Undefined where that is not sure.
 */
export async function decisiveDialect(content: DialectContent): Promise<Dialect | undefined> {
  const [most] = content.foreign;
  if (!most || most.sure === 0 || most.scripts * 2 < content.scripts || content.postgresql * 3 > most.scripts) return undefined;
  return (await refuses(most.texts)) ? most.dialect : undefined;
}

async function refuses(texts: readonly string[]): Promise<boolean> {
  await loadSqlParser();
  for (const text of texts.slice(0, 5)) {
    if (parseStatements(text.slice(0, longestSample * 5)).some(({ error }) => error)) return true;
  }
  const all = texts.map((text) => codeOf(text).code).join('\n');
  const names = new Set([...all.matchAll(foreignNames)].map(([name]) => name.toLowerCase()));
  return [...names].some((name) => !new RegExp(`\\b(?:type|domain|function)\\s+(?:\\w+\\.)?${name}\\b`, 'i').test(all));
}

function spread<T>(items: readonly T[]): T[] {
  if (items.length <= mostScripts) return [...items];
  const step = (items.length - 1) / (mostScripts - 1);
  return Array.from({ length: mostScripts }, (_, index) => items[Math.round(index * step)]).flatMap((item) =>
    item === undefined ? [] : [item],
  );
}

/** The text with comments, quoted text and quoted names blanked. */
function codeOf(text: string): { code: string; hasDollarQuote: boolean } {
  const lexer = new Lexer(text);
  let code = '';
  let hasDollarQuote = false;
  for (let at = 0; lexer.read(at, text.length); at = lexer.end) {
    const { kind, start, end } = lexer;
    if (kind === 'dollar-quote') hasDollarQuote = true;
    if (kind === 'line-comment' || kind === 'comment' || kind === 'dollar-quote') code += ' ';
    else if (kind === 'string') code += "''";
    else if (kind === 'quoted-name') code += '""';
    else code += text.slice(start, end);
  }
  return { code, hasDollarQuote };
}
