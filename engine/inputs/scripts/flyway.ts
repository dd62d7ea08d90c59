import type { Files } from '../../core/host';
import { outcomeOf } from '../../core/problem';
import { compareCodePoints, parentFolder, joined, baseName } from '../../core/paths';
import { flywayPlaceholders } from './flyway-placeholders';
import { quotedIdentifier } from '../../databases/postgresql/sql/quoting';
import {
  confEntries,
  defaultFlywaySettings,
  flywaySchemasIn,
  flywaySearchPath,
  parseFlywaySettings,
  type FlywaySettings,
} from './flyway-settings';
import { flywayTransaction } from './flyway-transactions';
import type { Layout } from './layout';
import { listDirectory, type Listing, versionFoldersIn } from './listing';
import type { Direction, Migration, RunnerJournal, RunnerProfile, Script } from '../../core/scripts';
import { newFile } from './pairs';
import { startingFilesOf, startingFileWith } from './project-texts';
import { DirectoryReader, mapFew } from './reader';
import { wholeScript } from './sections';
import { compareParts, partsKey } from './versions';

const callback =
  /^(before|after|create)(Baseline|Clean|Connect|Each|Info|Migrate|Repair|Repeatables|Undo|Validate|Versioned|Schema)?[A-Za-z]*(__.*)?$/;
const deepest = 8;

/**
 * Flyway: `V<version>__<name>.sql`, its undo `U<version>__<name>.sql`, repeatable `R__<name>.sql` and baseline `B<version>__<name>.sql`,
 * in the directory and the folders below it; prefixes, separator and suffixes as `flyway.toml` or `flyway.conf` say. Versions
 * compare part by part. Each statement is sent alone, in one transaction for the migration, unless `<script>.conf` beside it
 * says `executeInTransaction=false` or Flyway sees that none of its statements can run in one. Placeholders are replaced by the
 * values of the settings. A baseline repeats the versions up to its own for new databases; it is left out while
 * scripts of such versions are there, because those are what existing databases have run.
 */
export const flyway: Layout = {
  name: 'flyway',
  runner: {
    transaction: 'script',
    sends: 'statements',
    noTransaction: 'executeInTransaction=false in the .conf file of the script',
    hasDowns: true,
    copiesRows: true,
  },
  detect(listing) {
    const found = settingsIn(listing);
    const isScript = (name: string) => isPart(parseName(name, found?.settings ?? defaultFlywaySettings));
    const example =
      listing.files.find(isScript) ??
      versionFoldersIn(listing)
        .flatMap((folder) => listing.inFolders.get(folder) ?? [])
        .find(isScript);
    if (example === undefined) return undefined;
    return found
      ? { confidence: 'marker', reason: `${example} is named like a Flyway migration and ${found.path} holds Flyway's settings.` }
      : { confidence: 'name', reason: `${example} is named like a Flyway migration.` };
  },
  async read(files, directory) {
    const listing = await listDirectory(files, directory);
    const found = settingsIn(listing);
    const settings = found?.settings ?? (await settingsElsewhere(files, listing));
    const reader = new DirectoryReader(files, directory);
    const parts = await collect(reader, settings);
    const elsewhere = found === undefined && (await startingFileWith(files, listing, /placeholders/i)) !== undefined;
    const migrations = await assemble(reader, parts, settings, elsewhere ? 'elsewhere' : (found?.path ?? 'flyway.conf'));
    return { migrations, problems: reader.problems, runner: await runnerWith(files, listing, settings) };
  },
  owns: (relativePath) =>
    relativePath.endsWith('.sql') && /^[A-Za-z]/.test(baseName(relativePath)) && relativePath.split('/').length <= deepest,
  downTemplate(migration, directory, body) {
    if (migration.repeatable || !migration.up.file.startsWith(joined(directory, ''))) return undefined;
    const name = baseName(migration.up.file);
    return name.startsWith('V') ? newFile(joined(parentFolder(migration.up.file), `U${name.slice(1)}`), body) : undefined;
  },
};

const lockSetting = 'flyway.postgresql.transactional.lock=false';

/** The defaults with the schemas that a build or Spring Boot says. */
async function settingsElsewhere(files: Files, listing: Listing): Promise<FlywaySettings> {
  for await (const { text } of startingFilesOf(files, listing)) {
    const schemas = flywaySchemasIn(text);
    const [defaultSchema] = schemas;
    if (defaultSchema !== undefined) return { ...defaultFlywaySettings, defaultSchema, schemas };
  }
  return defaultFlywaySettings;
}

/** The lock is in a transaction unless a setting says otherwise, which may stand in the files of a build or of Spring Boot too. */
async function runnerWith(files: Files, listing: Listing, settings: FlywaySettings): Promise<RunnerProfile> {
  const setElsewhere = /transactional[._-]?lock["'>]?\s*[:=>]\s*["']?false/i;
  const isOff = !settings.transactionalLock || (await startingFileWith(files, listing, setElsewhere)) !== undefined;
  const searchPath = flywaySearchPath(settings);
  const runner: RunnerProfile = {
    ...flyway.runner,
    journal: journalIn(settings),
    schemas: settings.schemas,
    searchPath,
    pendingInOneTransaction: settings.group,
  };
  if (isOff) return runner;
  return { ...runner, noTransaction: `${flyway.runner.noTransaction}, and ${lockSetting}`, lockTransaction: lockSetting };
}

function journalIn({ table, defaultSchema }: FlywaySettings): RunnerJournal {
  const [schema, name] = [quotedIdentifier(defaultSchema), quotedIdentifier(table)];
  const columns =
    'installed_rank integer PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL, type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum integer, installed_by varchar(100) NOT NULL, installed_on timestamp NOT NULL DEFAULT now(), execution_time integer NOT NULL, success boolean NOT NULL';
  return { table, create: `CREATE SCHEMA IF NOT EXISTS ${schema}; CREATE TABLE ${schema}.${name} (${columns})` };
}

function settingsIn(listing: Listing): { settings: FlywaySettings; path: string } | undefined {
  const file = listing.projectFiles.find(({ name }) => name === 'flyway.toml' || name === 'flyway.conf');
  return file && { settings: parseFlywaySettings(file.text, file.name === 'flyway.toml' ? 'toml' : 'conf'), path: file.path };
}

interface Part {
  readonly kind: 'versioned' | 'undo' | 'repeatable' | 'baseline';
  readonly version: string;
  readonly name: string;
}

interface PartFile extends Part {
  readonly path: string;
}

/** What a file name means: a script of Flyway's, a callback, nothing, or a name that Flyway does not understand. */
function parseName(name: string, settings: FlywaySettings): Part | 'callback' | 'other' | 'unknown' {
  const suffix = settings.suffixes.find((ending) => name.endsWith(ending));
  if (suffix === undefined) return 'other';
  const stem = name.slice(0, -suffix.length);
  const kinds = [
    ['versioned', settings.versioned],
    ['undo', settings.undo],
    ['repeatable', settings.repeatable],
    ['baseline', settings.baseline],
  ] as const;
  for (const [kind, prefix] of kinds) {
    if (!stem.startsWith(prefix)) continue;
    const rest = stem.slice(prefix.length);
    const cut = rest.indexOf(settings.separator);
    const version = cut < 0 ? rest : rest.slice(0, cut);
    const title = cut < 0 ? '' : rest.slice(cut + settings.separator.length);
    if (kind === 'repeatable' ? version === '' && cut === 0 : /^\d+([._]\d+)*$/.test(version)) return { kind, version, name: title };
  }
  return callback.test(stem) ? 'callback' : 'unknown';
}

function isPart(parsed: ReturnType<typeof parseName>): parsed is Part {
  return typeof parsed === 'object';
}

async function collect(reader: DirectoryReader, settings: FlywaySettings, folder = '', depth = 1): Promise<PartFile[]> {
  const { files, folders } = await reader.names(folder);
  const inside = (name: string) => (folder === '' ? name : joined(folder, name));
  const parts = files.flatMap((name): PartFile[] => {
    const parsed = parseName(name, settings);
    const path = reader.path(inside(name));
    if (isPart(parsed)) return [{ ...parsed, path }];
    if (parsed === 'unknown')
      reader.report('unknown-file', path, `Flyway skips ${name}: a name like V1_1__name.sql, U1_1__name.sql or R__name.sql was expected.`);
    else if (/^[VURB][\d._]*__.*\.(java|class|kt)$/.test(name))
      reader.report('opaque-script', path, `${name} is a migration in code; its effect on the schema is unknown.`);
    return [];
  });
  if (depth >= deepest) return parts;
  const below = await mapFew(
    folders.filter((name) => !name.startsWith('.')),
    (name) => collect(reader, settings, inside(name), depth + 1),
  );
  return [...parts, ...below.flat()];
}

async function assemble(
  reader: DirectoryReader,
  parts: readonly PartFile[],
  settings: FlywaySettings,
  settingsFile: string,
): Promise<Migration[]> {
  const of = (kind: Part['kind']) => parts.filter((part) => part.kind === kind);
  const byVersion = (a: Part, b: Part) => compareParts(a.version, b.version);
  const versioned = of('versioned');
  const baseline = of('baseline').sort(byVersion).at(-1);
  const replaced = baseline && versioned.some((part) => byVersion(part, baseline) <= 0);
  const ups = [...(baseline && !replaced ? [baseline] : []), ...versioned].sort(
    (a, b) => byVersion(a, b) || compareCodePoints(a.path, b.path),
  );
  const repeatables = of('repeatable').sort((a, b) => compareCodePoints(a.name, b.name) || compareCodePoints(a.path, b.path));
  const undos = partners(reader, ups, of('undo'));

  const migrations = await mapFew([...ups, ...repeatables], async (part): Promise<Migration[]> => {
    const up = await readScript(reader, part.path, 'up', settings, settingsFile);
    const undo = undos.get(part);
    const down = undo && (await readScript(reader, undo.path, 'down', settings, settingsFile));
    const id = baseName(part.path).replace(/\.[^.]*$/, '');
    return up ? [{ id, version: part.version, name: part.name, up, down, verify: undefined, repeatable: part.kind === 'repeatable' }] : [];
  });
  const all = migrations.flat();
  reader.reportDuplicateVersions(all, partsKey, 'Flyway refuses to start until one of them gets another version.');
  return all;
}

function partners(reader: DirectoryReader, ups: readonly PartFile[], undos: readonly PartFile[]): Map<PartFile, PartFile> {
  const found = new Map<PartFile, PartFile>();
  for (const undo of undos) {
    const up = ups.find((part) => compareParts(part.version, undo.version) === 0);
    const taken = up && found.get(up);
    if (!up) reader.report('orphan-down', undo.path, `No versioned migration has version ${undo.version}, so this undo script never runs.`);
    else if (taken)
      reader.reportDuplicate(
        undo.path,
        taken.path,
        `The undo of version ${undo.version}`,
        'Flyway refuses to start until one of them is removed.',
      );
    else found.set(up, undo);
  }
  return found;
}

async function readScript(
  reader: DirectoryReader,
  path: string,
  direction: Direction,
  settings: FlywaySettings,
  settingsFile: string,
): Promise<Script | undefined> {
  const text = await reader.text(path);
  if (text === undefined) return undefined;
  const own = await ownSettings(reader, `${path}.conf`);
  const script = wholeScript(path, direction, text, { transaction: transactionOf(text, settings, own.executeInTransaction) });
  if (!(own.placeholderReplacement ?? settings.placeholderReplacement)) return script;
  const { replacements, unknown } = flywayPlaceholders(text, settings, path);
  for (const { range, text: placeholder, name } of unknown) {
    if (settingsFile === 'elsewhere') break;
    const refused = `Flyway refuses ${baseName(path)}: the placeholder ${placeholder} has no value.`;
    reader.report('no-value', path, `${refused} Set flyway.placeholders.${name} in ${baseName(settingsFile)}.`, range);
  }
  return replacements.length === 0 ? script : { ...script, replacements };
}

/** Flyway opens no transaction around statements that cannot run in one; a script that mixes them with others needs `mixed=true`. */
function transactionOf(text: string, settings: FlywaySettings, own: boolean | undefined): Script['transaction'] {
  if (!(own ?? settings.executeInTransaction)) return 'none';
  if (own === true) return 'script';
  const detected = flywayTransaction(text);
  return detected === 'none' || (detected === 'mixed' && settings.mixed) ? 'none' : 'script';
}

interface OwnSettings {
  readonly executeInTransaction?: boolean | undefined;
  readonly placeholderReplacement?: boolean | undefined;
}

/** The settings of a script's own `.conf` file; empty when there is no such file. */
async function ownSettings(reader: DirectoryReader, path: string): Promise<OwnSettings> {
  const kind = await outcomeOf(() => reader.files.kind(path));
  if (!kind.ok || kind.value !== 'file') return {};
  const entries = confEntries((await reader.text(path)) ?? '');
  const flag = (name: string): boolean | undefined => {
    const entry = entries.find(({ key }) => key === name.toLowerCase());
    const value = entry?.value.toLowerCase();
    if (!entry || value === 'true' || value === 'false') return entry && value === 'true';
    reader.report('bad-directive', path, `${name} must be true or false, not "${entry.value}".`, { start: entry.start, end: entry.end });
    return undefined;
  };
  return { executeInTransaction: flag('executeInTransaction'), placeholderReplacement: flag('placeholderReplacement') };
}
