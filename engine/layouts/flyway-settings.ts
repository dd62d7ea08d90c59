import { parse as parseToml } from 'smol-toml';

/** The settings of Flyway that decide how its files are named and run. */
export interface FlywaySettings {
  readonly versioned: string;
  readonly undo: string;
  readonly repeatable: string;
  readonly baseline: string;
  readonly separator: string;
  readonly suffixes: readonly string[];
  readonly executeInTransaction: boolean;
}

export const defaultFlywaySettings: FlywaySettings = {
  versioned: 'V',
  undo: 'U',
  repeatable: 'R',
  baseline: 'B',
  separator: '__',
  suffixes: ['.sql'],
  executeInTransaction: true,
};

/** Reads `flyway.toml` (the `[flyway]` table) or `flyway.conf`; settings that are absent or of another type keep their default. */
export function parseFlywaySettings(text: string, format: 'toml' | 'conf'): FlywaySettings {
  const values = format === 'toml' ? tomlValues(text) : confValues(text);
  const name = (key: string, fallback: string) => {
    const value = values.get(key.toLowerCase());
    return typeof value === 'string' && value !== '' ? value : fallback;
  };
  const suffixes = values.get('sqlmigrationsuffixes');
  const list = Array.isArray(suffixes) ? suffixes.map(String) : typeof suffixes === 'string' ? suffixes.split(',') : [];
  const usable = list.map((suffix) => suffix.trim()).filter((suffix) => suffix !== '');
  const base = defaultFlywaySettings;
  return {
    versioned: name('sqlMigrationPrefix', base.versioned),
    undo: name('undoSqlMigrationPrefix', base.undo),
    repeatable: name('repeatableSqlMigrationPrefix', base.repeatable),
    baseline: name('baselineMigrationPrefix', base.baseline),
    separator: name('sqlMigrationSeparator', base.separator),
    suffixes: usable.length > 0 ? usable : base.suffixes,
    executeInTransaction: String(values.get('executeintransaction') ?? 'true').toLowerCase() !== 'false',
  };
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
    const entries = typeof table === 'object' && table !== null ? Object.entries(table) : [];
    return new Map(entries.map(([key, value]) => [key.toLowerCase(), value]));
  } catch {
    return new Map();
  }
}
