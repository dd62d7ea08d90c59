import type { Files } from '../../core/host';
import { baseName, joined, parentFolder } from '../../core/paths';
import { holdsPsqlCommands } from '../../databases/postgresql/sql/psql';
import { type Dialect, dialectNamed, dialectTitles } from '../../core/dialects';
import type { Layout, LayoutReading } from './layout';
import { versionFolder, versionFoldersIn } from './listing';
import { markedScripts } from './marked-sections';
import type { Migration } from '../../core/scripts';
import { firstLineHeader, newFile, type PairFile, readPairs, type PairRules } from './pairs';
import { DirectoryReader } from './reader';
import { psqlScript } from './psql-script';
import { lineAtStart } from './sections';

const header = '-- no-transaction';
/** As postgres-migrations for Node has it. */
const otherHeader = '-- postgres-migrations disable-transaction';
const namePattern = /^(?:\d+|[Vv]\d{3,}|[Vv]\d+(?=[._-].*\.(?:up|down)\.sql$))([._-].*)?\.sql$/s;
/** A version and what follows it; dates and times, and numbers with parts, are one version: `20220329-030000`, `1.10`. */
const stemPattern = /^[Vv]?(\d{8}[-_]\d{4,6}(?!\d)|\d{4}[-_]\d\d[-_]\d\d(?![\d])|\d+(?:[.-]\d+)*(?![^._-]))(.*)$/s;

/**
 * Numbered files of no known tool: `<number>[_name].sql`, with `.down.sql` and `.verify.sql` beside it where there are some.
 * Files run by number, then by the rest of their names. Where they are in folders that are versions (`0.19/00_a.sql`), they run by
 * folder first. Of files that are written once for each database (`1_a.postgres.up.sql`), PostgreSQL's are read; those with the
 * database behind `.sql` (`1_a.sql.postgres`) are migrations of their own, because `1_a.sql` runs in every database.
 * A script runs as a whole in one transaction, unless its first line is `-- no-transaction` or its name has `.autocommit`.
 */
export const plain: Layout = {
  name: 'plain',
  runner: { transaction: 'script', sends: 'whole', noTransaction: header, hasDowns: true },
  detect(listing) {
    const example = listing.files.find((name) => namePattern.test(name) && !isExtensionScript(name));
    if (example !== undefined) return { confidence: 'name', reason: `${example} starts with a number; the migration tool is unknown.` };
    const folders = versionFoldersIn(listing);
    return folders.length < 2
      ? undefined
      : { confidence: 'name', reason: `Its folders are versions, such as ${folders[0]}; the migration tool is unknown.` };
  },
  read: (files, directory) => readDirectory(files, directory),
  owns: (relativePath) => {
    const [first = '', second, ...rest] = relativePath.split('/');
    if (rest.length > 0) return false;
    return second === undefined ? namePattern.test(partsOf(first).script) : versionFolder.test(first) && isScript(second);
  },
  downTemplate(migration, _directory, body) {
    const { file, sql, text } = migration.up;
    if (sql !== text) return undefined;
    const name = baseName(file);
    const down = /[._-]up\.sql$/i.test(name) ? name.replace(/up(?=\.sql$)/i, 'down') : name.replace(/(?<=^\d+\.)do(?=\.)/, 'undo');
    return newFile(joined(parentFolder(file), down === name ? `${baseName(migration.id)}.down.sql` : down), body);
  },
  noTransactionEdit: (script) => lineAtStart(script, header),
};

/** The script of an extension, `1.0--1.1.sql`, which only ALTER EXTENSION runs. */
function isExtensionScript(name: string): boolean {
  return /^\S*\d\S*--\d\S*\.sql$/.test(name) || /--\d[\w.]*\.sql$/.test(name);
}

async function readDirectory(files: Files, directory: string): Promise<LayoutReading> {
  const names = await namesOf(new DirectoryReader(files, directory));
  const { migrations, problems } = await readPairs(files, rules(directory, names));
  const inCode = new Set(names.filter(isProgram).map((name) => numberOf(name)));
  const dialect = chosenDialect(names.map((name) => variantIn(stemOf(baseName(name)))));
  return {
    migrations: migrations.map(withMarkedSections),
    problems: problems.filter(({ kind, file }) => !(kind === 'orphan-down' && inCode.has(numberOf(baseName(file))))),
    dialect:
      dialect === undefined || dialect === 'postgresql' ? undefined : { dialect, reason: `their names say ${dialectTitles[dialect]}` },
  };
}

/** The directory's own files, or those in its versions' folders where it has no numbered ones itself. */
async function namesOf(reader: DirectoryReader): Promise<string[]> {
  const { files, folders } = await reader.names();
  const own = files.filter((name) => !isExtensionScript(name));
  if (own.some((name) => namePattern.test(name))) return own;
  const below: string[] = [];
  for (const folder of folders.filter((each) => versionFolder.test(each)))
    below.push(
      ...(await reader.names(folder)).files.filter((name) => isScript(name) || isProgram(name)).map((name) => `${folder}/${name}`),
    );
  return below.length > 0 ? below : own;
}

function withMarkedSections(migration: Migration): Migration {
  if (migration.down) return migration;
  const { file, text, transaction, transactionHeader } = migration.up;
  const marked = markedScripts(file, text, { transaction, header: transactionHeader });
  return marked ? { ...migration, ...marked } : migration;
}

function rules(directory: string, names: readonly string[]): PairRules {
  const known = new Set(names);
  return {
    directory,
    names,
    transaction: (text, { name }) =>
      /\.autocommit\./.test(name) ? { transaction: 'none' } : firstLineHeader(text, text.startsWith(otherHeader) ? otherHeader : header),
    prepared: (script) => (holdsPsqlCommands(script.text) ? psqlScript(script) : script),
    onDuplicate: 'The rest of the names decides their order; give each its own number.',
    // Whole names order the files, and nothing tells of a tool that would refuse a number that two of them have.
    mayShareVersions: () => true,
    select: selectVariants,
    parse(name) {
      const [folder, file] = name.includes('/') ? [parentOf(name), baseName(name)] : [undefined, name];
      if (isProgram(file)) return { opaque: `${name} is a migration in code; its effect on the schema is unknown.` };
      if (!isScript(file)) return 'ignored';
      const { script, database } = partsOf(file);
      const { stem, direction } = directed(script.slice(0, -'.sql'.length), (other) =>
        known.has(folder === undefined ? other : `${folder}/${other}`),
      );
      const match = stemPattern.exec(stem);
      if (!match && folder === undefined) return { unknown: `${name} cannot be ordered: its name does not start with a number.` };
      const [, version = '', rest = ''] = match ?? [undefined, '', stem];
      const variant = database === undefined ? variantIn(rest) : dialectNamed(database);
      const bare = variantless(rest);
      const above = folder === undefined ? '' : `${folder}/`;
      return {
        name,
        version: `${folder === undefined ? '' : `${versionFolder.exec(folder)?.[1] ?? folder}/`}${version}`,
        title: bare.replace(/^[._-]+/, ''),
        id: above + variantless(stem) + (database === undefined ? '' : `.sql.${database}`),
        direction,
        variant,
      };
    },
  };
}

function isScript(name: string): boolean {
  return partsOf(name).script.endsWith('.sql');
}

/** The name, and the database that stands behind its `.sql`: `1_a.sql` and `postgres` of `1_a.sql.postgres`. */
function partsOf(name: string): { script: string; database: string | undefined } {
  const [, script = name, database = ''] = /^(.*\.sql)\.(\w+)$/s.exec(name) ?? [];
  return dialectNamed(database) === undefined ? { script: name, database: undefined } : { script, database };
}

/** A migration in a programming language between the scripts. */
function isProgram(name: string): boolean {
  return /^\d+[._-].*\.(?:go|py|rb|php|java|kt|cs|exs?|[cm]?[jt]s)$/.test(name) && !/_test\.go$|\.(?:test|spec|d)\.[cm]?[jt]s$/.test(name);
}

function numberOf(name: string): string {
  return /^\d+/.exec(baseName(name))?.[0] ?? '';
}

function parentOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/'));
}

/** The name without its direction. `_up` and `_down` are directions only where both files are there: `3_scale_down.sql` is none. */
function directed(stem: string, isThere: (name: string) => boolean): { stem: string; direction: PairFile['direction'] } {
  const postgrator = /^(\d+)\.(do|undo)(\..*)?$/s.exec(stem);
  if (postgrator) return { stem: `${postgrator[1]}${postgrator[3] ?? ''}`, direction: postgrator[2] === 'undo' ? 'down' : 'up' };
  const dotted = /^(.*)\.(up|down|verify|rollback|undo|revert)$/s.exec(stem);
  if (dotted) return { stem: dotted[1] ?? '', direction: dotted[2] === 'up' ? 'up' : dotted[2] === 'verify' ? 'verify' : 'down' };
  const [, before = '', separator = '', word = ''] = /^(.*)([_-])(up|down)$/is.exec(stem) ?? [];
  if (word === '') return { stem, direction: 'up' };
  const isDown = word.toLowerCase() === 'down';
  const other = [isDown ? 'up' : 'down', isDown ? 'UP' : 'DOWN'].some((each) => isThere(`${before}${separator}${each}.sql`));
  return other ? { stem: before, direction: isDown ? 'down' : 'up' } : { stem, direction: 'up' };
}

function stemOf(file: string): string {
  return file.replace(/\.sql$/, '').replace(/\.(?:up|down|verify)$/, '');
}

/** The database that a name's part names: `_a.postgres`, `_a.autocommit.mysql`. */
function variantIn(rest: string): Dialect | undefined {
  const parts = rest
    .split('.')
    .slice(1)
    .filter((part) => part !== 'autocommit');
  return dialectNamed(parts.at(-1) ?? '');
}

function variantless(rest: string): string {
  const parts = rest.split('.');
  return [parts[0], ...parts.slice(1).filter((part) => part !== 'autocommit' && dialectNamed(part) === undefined)].join('.');
}

/** PostgreSQL where some files are for it or for every database, else the first database that there are files of. */
function chosenDialect(variants: readonly (Dialect | undefined)[]): Dialect | undefined {
  const others = variants.filter((variant) => variant !== undefined);
  if (others.length === 0) return undefined;
  return variants.some((variant) => variant === undefined || variant === 'postgresql') ? 'postgresql' : others[0];
}

/** Of the files of one migration and direction the one for the database, before the one for all of them. */
function selectVariants(files: readonly PairFile[]): PairFile[] {
  const chosen = chosenDialect(files.map(({ variant }) => variant));
  if (chosen === undefined) return [...files];
  const own = new Set(files.filter(({ variant }) => variant === chosen).map((file) => `${file.direction} ${file.id}`));
  return files.filter(({ variant, direction, id }) => variant === chosen || (variant === undefined && !own.has(`${direction} ${id}`)));
}
