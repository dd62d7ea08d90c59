import { parse as parseToml } from 'smol-toml';
import { schemasInPath, searchPathsIn } from './search-path';

/** The settings of Flyway that decide how its files are named and run. */
export interface FlywaySettings {
  readonly versioned: string;
  readonly undo: string;
  readonly repeatable: string;
  readonly baseline: string;
  readonly separator: string;
  readonly suffixes: readonly string[];
  readonly executeInTransaction: boolean;
  /** True when a script may hold statements that cannot run in a transaction beside others. */
  readonly mixed: boolean;
  /** True when all pending migrations run in one transaction. */
  readonly group: boolean;
  /** True when Flyway holds its lock in a transaction that is open while migrations run. */
  readonly transactionalLock: boolean;
  readonly placeholderReplacement: boolean;
  readonly placeholderPrefix: string;
  readonly placeholderSuffix: string;
  /** Values by lower-case name. */
  readonly placeholders: ReadonlyMap<string, string>;
  readonly defaultSchema: string;
  /** Those that Flyway makes, unless `createSchemas` is off. */
  readonly schemas: readonly string[];
  readonly table: string;
  /** The search path of Flyway's connection before it puts its own schema first; undefined for the default. */
  readonly connectionPath?: readonly string[] | undefined;
}

export const defaultFlywaySettings: FlywaySettings = {
  versioned: 'V',
  undo: 'U',
  repeatable: 'R',
  baseline: 'B',
  separator: '__',
  suffixes: ['.sql'],
  executeInTransaction: true,
  mixed: false,
  group: false,
  transactionalLock: true,
  placeholderReplacement: true,
  placeholderPrefix: '${',
  placeholderSuffix: '}',
  placeholders: new Map(),
  defaultSchema: 'public',
  schemas: [],
  table: 'flyway_schema_history',
};

/** Reads `flyway.toml` (the `[flyway]` table and those inside it) or `flyway.conf`; settings that are absent or of another type keep their default. */
export function parseFlywaySettings(text: string, format: 'toml' | 'conf'): FlywaySettings {
  const values = format === 'toml' ? tomlValues(text) : confValues(text);
  const name = (key: string, fallback: string) => {
    const value = values.get(key.toLowerCase());
    return typeof value === 'string' && value !== '' ? value : fallback;
  };
  const flag = (key: string, fallback: boolean) => {
    const value = String(values.get(key.toLowerCase()) ?? '').toLowerCase();
    return value === 'true' || value === 'false' ? value === 'true' : fallback;
  };
  const usable = listOf(values.get('sqlmigrationsuffixes'));
  const named = listOf(values.get('schemas'));
  const main = values.get('defaultschema');
  const managed = named.length > 0 ? named : listOf(main);
  const base = defaultFlywaySettings;
  return {
    versioned: name('sqlMigrationPrefix', base.versioned),
    undo: name('undoSqlMigrationPrefix', base.undo),
    repeatable: name('repeatableSqlMigrationPrefix', base.repeatable),
    baseline: name('baselineMigrationPrefix', base.baseline),
    separator: name('sqlMigrationSeparator', base.separator),
    suffixes: usable.length > 0 ? usable : base.suffixes,
    executeInTransaction: flag('executeInTransaction', base.executeInTransaction),
    mixed: flag('mixed', base.mixed),
    group: flag('group', base.group),
    transactionalLock: flag('postgresql.transactional.lock', base.transactionalLock),
    placeholderReplacement: flag('placeholderReplacement', base.placeholderReplacement),
    placeholderPrefix: name('placeholderPrefix', base.placeholderPrefix),
    placeholderSuffix: name('placeholderSuffix', base.placeholderSuffix),
    placeholders: new Map(
      [...values].flatMap(([key, value]) => (key.startsWith('placeholders.') ? [[key.slice('placeholders.'.length), String(value)]] : [])),
    ),
    defaultSchema: name('defaultSchema', managed[0] ?? base.defaultSchema),
    schemas: flag('createSchemas', true) ? managed : [],
    table: name('table', base.table),
    connectionPath:
      searchPathsIn(name('url', ''), 'flyway')[0] ??
      schemasOrNone(/\bset\s+(?:session\s+)?search_path\s*(?:=|\bto\b)\s*([^;]+)/i.exec(name('initSql', ''))?.[1]),
  };
}

/** The search path with which each script starts; undefined for the default. Flyway puts its schema before what its connection has. */
export function flywaySearchPath({ defaultSchema, connectionPath }: FlywaySettings): readonly string[] | undefined {
  if (connectionPath?.[0] === defaultSchema || (!connectionPath && defaultSchema === defaultFlywaySettings.defaultSchema))
    return connectionPath;
  return [...new Set([defaultSchema, ...(connectionPath ?? ['$user', 'public'])])];
}

/** The schemas that a build, Spring Boot's configuration, the environment or a command line gives to Flyway, the default one first. */
export function flywaySchemasIn(text: string): readonly string[] {
  if (!/flyway/i.test(text)) return [];
  const value = (pattern: RegExp) =>
    new Set([...text.matchAll(pattern)].map(([, one, found = one ?? '']) => found.replace(/^\$\{[\w.]+:([^}]*)\}$/, '$1')));
  const main = value(/(?<![a-z])default[-_]?schema["']?\s*[:=>]\s*["'(]*(\$\{[\w.]+:[\w-]+\}|[\w-]+)/gi);
  const all = value(
    /(?:flyway[._]|-)schemas["']?\s*[:=]\s*["'[(]*(\$\{[\w.]+:[\w,-]+\}|[\w,-]+)|(?<=flyway[^]{0,400})\bschemas?\b["']?\s*[:=>]\s*(?:arrayOf)?[<>"'[(\s]*(?:schema>)?([\w-]+)/gi,
  );
  const [schema] = main;
  if (main.size > 1 || (schema === undefined && all.size > 1)) return [];
  return [...new Set([...(schema === undefined ? [] : [schema]), ...[...all].flatMap((each) => listOf(each))])];
}

function schemasOrNone(text: string | undefined): string[] | undefined {
  return text === undefined ? undefined : schemasInPath(text);
}

function listOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(',') : [];
  return list.map((each) => each.trim()).filter((each) => each !== '');
}

/** The settings of a `.conf` file by lower-case name without `flyway.`, with the offset and length of each line. */
export function confEntries(text: string): { key: string; value: string; start: number; end: number }[] {
  return [...text.matchAll(/^[ \t]*([^#!\s=:][^\s=:]*)[ \t]*[=:][ \t]*([^\r\n]*)/gm)].map((match) => ({
    key: (match[1] ?? '').replace(/^flyway\./i, '').toLowerCase(),
    value: (match[2] ?? '').trim(),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

function confValues(text: string): Map<string, unknown> {
  return new Map(confEntries(text).map(({ key, value }) => [key, value]));
}

function tomlValues(text: string): Map<string, unknown> {
  try {
    const table = parseToml(text)['flyway'];
    return new Map(flattened(table));
  } catch {
    return new Map();
  }
}

/** The values of a table and of those inside it, by lower-case dotted name. */
function flattened(table: unknown, prefix = ''): [string, unknown][] {
  if (typeof table !== 'object' || table === null || Array.isArray(table)) return [];
  return Object.entries(table).flatMap(([key, value]): [string, unknown][] => {
    const name = `${prefix}${key.toLowerCase()}`;
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
    return isTable ? flattened(value, `${name}.`) : [[name, value]];
  });
}
