import { parse as parseIni } from 'ini';
import type { Files } from '../../core/host';
import { baseName, joined, parentFolder } from '../../core/paths';
import { outcomeOf } from '../../core/problem';
import { contentOf, decisiveDialect, type DialectContent } from './dialect-content';
import { type Dialect, dialectNamed, dialectsIn } from '../../core/dialects';
import { meaningOf } from './folder-names';

/** The database that scripts are for, and what says so. */
export interface DialectVerdict {
  readonly dialect: Dialect;
  /** Completes "because ...": what was seen. Undefined for PostgreSQL. */
  readonly reason: string | undefined;
}

const nearFolders = 2;
const foldersAbove = 5;
const postgresql: DialectVerdict = { dialect: 'postgresql', reason: undefined };

/**
 * The database that the scripts of a directory are for: by the folders' names, by the configuration of the tool, or by the SQL.
 * PostgreSQL where nothing says otherwise. Names and configuration are not believed where the SQL is PostgreSQL's own.
 * Never fails.
 */
export async function dialectOf(files: Files, directory: string, scripts: readonly string[]): Promise<DialectVerdict> {
  const folders = await foldersUp(files, directory);
  const content = contentOf(scripts);
  const named = namedDialect(folders);
  const isNear = named !== undefined && !named.isAmbiguous && named.level < nearFolders && isPlainName(baseName(named.path));
  if (isNear && isBelievable(named.dialect, content)) return verdict(named.dialect, namedReason(named));
  const configured = await configuredDialect(files, folders);
  if (configured && isBelievable(configured.dialect, content)) return verdict(configured.dialect, `${configured.file} says so`);
  if (named && !isNear && isBelievable(named.dialect, content) && (await isSupported(files, named, content)))
    return verdict(named.dialect, namedReason(named));
  const written = await decisiveDialect(content);
  return written ? verdict(written, "most of their SQL is not PostgreSQL's") : postgresql;
}

function verdict(dialect: Dialect, reason: string): DialectVerdict {
  return dialect === 'postgresql' ? postgresql : { dialect, reason };
}

/** Another database than PostgreSQL is not believed where as many scripts hold SQL that only PostgreSQL has. */
function isBelievable(dialect: Dialect, content: DialectContent): boolean {
  if (dialect === 'postgresql' || content.postgresql === 0) return true;
  if (dialect === 'cockroachdb' || dialect === 'redshift' || dialect === 'duckdb') return true;
  return content.postgresql < (content.foreign.find((each) => each.dialect === dialect)?.scripts ?? 0);
}

function namedReason({ path }: NamedDialect): string {
  return `the folder ${baseName(path)} is named for it`;
}

interface Folder {
  readonly path: string;
  readonly names: readonly string[];
}

/** The directory and the folders above it, nearest first, up to the one with `.git`. */
async function foldersUp(files: Files, directory: string): Promise<Folder[]> {
  const folders: Folder[] = [];
  for (let path = directory; folders.length <= foldersAbove; path = parentFolder(path)) {
    const names = await outcomeOf(() => files.list(path));
    folders.push({ path, names: names.ok ? names.value : [] });
    if (parentFolder(path) === path || folders.at(-1)?.names.some((name) => name === '.git/' || name === '.git')) break;
  }
  return folders;
}

interface NamedDialect {
  readonly dialect: Dialect;
  readonly isAmbiguous: boolean;
  /** 0 for the directory itself. */
  readonly level: number;
  readonly path: string;
}

/** What the nearest folder says that is named for one database; a repository's own name says nothing. */
function namedDialect(folders: readonly Folder[]): NamedDialect | undefined {
  const root = folders.findIndex(({ names }) => names.includes('.git/') || names.includes('.git'));
  for (const [level, { path }] of folders.slice(0, root < 0 ? nearFolders : root).entries()) {
    const found = dialectsIn(baseName(path));
    const [only] = found;
    if (only && found.length === 1) return { ...only, isAmbiguous: only.isAmbiguous && !isDeliberate(folders, level), level, path };
    if (found.length > 1) return undefined;
  }
  return undefined;
}

/** True for a name without words that could give it another sense, as in `mysql-import`. */
function isPlainName(name: string): boolean {
  const rest = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => dialectNamed(word) === undefined);
  return rest.every((word) =>
    /^(?:|\d+|v\d+|sql|server|db|database|migrations?|migrate|schemas?|scripts?|store|storage|jdbc|driver|changes?|changelog)$/.test(word),
  );
}

/** An ambiguous name means the database where the migrations are parted by it: `migrations/oracle`, `migrations_h2`. */
function isDeliberate(folders: readonly Folder[], level: number): boolean {
  if (level > 0) return false;
  return folders.slice(0, 2).some(({ path }) => meaningOf([baseName(path)]) === 'migrations');
}

/** A name that is far away or means other things needs a second sign: the SQL, or a folder beside it for another database. */
async function isSupported(files: Files, { dialect, path }: NamedDialect, content: DialectContent): Promise<boolean> {
  if (dialect === 'postgresql' || content.foreign.some((each) => each.dialect === dialect)) return true;
  const beside = await outcomeOf(() => files.list(parentFolder(path)));
  return (beside.ok ? beside.value : []).some((name) => {
    const [other, ...more] = name.endsWith('/') ? dialectsIn(name.slice(0, -1)) : [];
    return other !== undefined && more.length === 0 && other.dialect !== dialect;
  });
}

/** What the nearest file of settings says that names one database. */
async function configuredDialect(files: Files, folders: readonly Folder[]): Promise<{ dialect: Dialect; file: string } | undefined> {
  for (const { path, names } of folders) {
    for (const { name, words } of settingsFiles) {
      for (const found of names.filter((each) => name.test(each))) {
        const text = await outcomeOf(() => files.readText(joined(path, found)));
        const [dialect, ...others] = text.ok ? new Set(words(text.value).flatMap((word) => dialectNamed(word) ?? [])) : [];
        if (dialect && others.length === 0) return { dialect, file: found };
      }
    }
  }
  return undefined;
}

/** Files in which tools and applications say which database they use, and the words of each that may name one. */
const settingsFiles: readonly { readonly name: RegExp; readonly words: (text: string) => string[] }[] = [
  { name: /^migration_lock\.toml$/, words: captured(/^\s*provider\s*=\s*"(\w+)"/gm) },
  { name: /\.prisma$/, words: captured(/^\s*provider\s*=\s*"(\w+)"/gm) },
  { name: /^flyway\.(?:conf|toml)$/, words: captured(/\bjdbc:(?:tc:)?(\w+)/g) },
  { name: /^application(?:-\w+)?\.(?:properties|ya?ml)$/, words: captured(/\bjdbc:(?:tc:)?(\w+)/g) },
  { name: /^sqitch\.conf$/, words: sqitchEngine },
  { name: /^atlas\.hcl$/, words: captured(/"(?:docker:\/\/)?(\w+)(?::\/\/|\/)/g) },
  { name: /^dbconfig\.ya?ml$/, words: captured(/^\s*dialect:\s*["']?(\w+)/gm) },
  { name: /^sqlc\.(?:ya?ml|json)$/, words: captured(/\bengine["']?\s*:\s*["']?(\w+)/g) },
  { name: /^drizzle\.config\.[cm]?[jt]s$/, words: captured(/\bdialect\s*:\s*["'](\w+)/g) },
  { name: /^knexfile\.[cm]?[jt]s$/, words: captured(/\bclient\s*:\s*["'](?:better-)?(\w+)/g) },
  { name: /^Cargo\.toml$/, words: cargoFeatures },
  {
    name: /^\.env(?:\.(?:example|sample|dist|template|local|development))?$/,
    words: captured(/^\s*(?:export\s+)?(?:DATABASE_URL|DB_URL|GOOSE_DRIVER)\s*=\s*["']?(\w+)/gm),
  },
];

function captured(pattern: RegExp): (text: string) => string[] {
  return (text) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

function sqitchEngine(text: string): string[] {
  const core: unknown = parseIni(text)['core'];
  return typeof core === 'object' && core !== null && 'engine' in core ? [String(core.engine)] : [];
}

/** The databases that sqlx and Diesel are built for. */
function cargoFeatures(text: string): string[] {
  const sections = text.split(/^\s*(?=\[)/m).filter((section) => /^\[[^\]\n]*dependencies/.test(section));
  const uses = sections.flatMap((section) => [
    ...section.matchAll(/^\s*"?(?:sqlx|diesel|diesel-async)"?\s*=\s*\{[^}]*?\bfeatures\s*=\s*\[([^\]]*)\]/gm),
    ...(/^\[[^\]\n]*\.(?:sqlx|diesel|diesel-async)\]/.test(section) ? section.matchAll(/\bfeatures\s*=\s*\[([^\]]*)\]/g) : []),
  ]);
  return uses.flatMap((match) => (match[1] ?? '').match(/\w+/g) ?? []);
}
