import { parse as parseToml } from 'smol-toml';
import { compareCodePoints, joined } from '../../core/paths';
import type { Files } from '../../core/host';
import type { Layout, LayoutReading } from './layout';
import { nearestWith } from './listing';
import type { Migration } from '../../core/scripts';
import { newFile } from './pairs';
import { DirectoryReader, isPresent, mapFew } from './reader';
import { wholeScript, type TransactionChoice } from './sections';

/**
 * Diesel: a folder for each migration, `<version>_<name>/up.sql` with `down.sql`. The version is what stands before the
 * first `_` without dashes, and folders run in the order of that text. Each script is sent as one batch in a transaction,
 * unless `metadata.toml` beside it says `run_in_transaction = false`.
 */
export const diesel: Layout = {
  name: 'diesel',
  runner: {
    transaction: 'script',
    sends: 'whole',
    noTransaction: 'run_in_transaction = false in metadata.toml',
    hasDowns: true,
    keepsSession: true,
    journal: {
      table: '__diesel_schema_migrations',
      create: `CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP)`,
      foundBySearchPath: true,
    },
  },
  detect(listing) {
    const example = listing.folders.find((folder) => listing.inFolders.get(folder)?.includes('up.sql'));
    if (example === undefined) return undefined;
    const settings = nearestWith(listing, 'diesel.toml');
    return settings === undefined
      ? { confidence: 'name', reason: `${example}/up.sql is where Diesel keeps a migration.` }
      : {
          confidence: 'marker',
          reason: `${example}/up.sql is where Diesel keeps a migration, and ${joined(settings, 'diesel.toml')} is its settings file.`,
        };
  },
  read: (files, directory) => readFolders(files, directory, 'Diesel'),
  owns: (relativePath) => /^[^/]+\/(up|down)\.sql$/.test(relativePath),
  downTemplate: (migration, directory, body) => newFile(joined(directory, `${migration.id}/down.sql`), body),
};

/**
 * Reads a directory of folders with up.sql and down.sql, for Diesel and for a tool that keeps its migrations alike; what is wrong is
 * told of that tool. Only Diesel has settings of its own beside the scripts.
 */
export async function readFolders(files: Files, directory: string, tool: string): Promise<LayoutReading> {
  const reader = new DirectoryReader(files, directory);
  const names = await reader.names();
  for (const name of names.files.filter((file) => file.endsWith('.sql'))) {
    reader.report('unknown-file', reader.path(name), `${tool} skips ${name}: a migration is a folder with up.sql and down.sql in it.`);
  }
  const read = await mapFew(
    names.folders.filter((folder) => !folder.startsWith('.')),
    (folder) => readFolder(reader, folder, tool),
  );
  const migrations = read.filter(isPresent).sort((a, b) => compareCodePoints(versionOf(a.id), versionOf(b.id)));
  reader.reportDuplicateVersions(migrations, versionOf, `${tool} runs only one of them: its journal records each version once.`);
  return { migrations, problems: reader.problems };
}

/** What Diesel orders by: the name up to the first `_`, without dashes. */
function versionOf(folder: string): string {
  return (folder.split('_')[0] ?? '').replaceAll('-', '');
}

async function readFolder(reader: DirectoryReader, folder: string, tool: string): Promise<Migration | undefined> {
  const { files } = await reader.names(folder);
  const file = (name: string) => reader.path(`${folder}/${name}`);
  for (const name of files.filter((other) => other.endsWith('.sql') && other !== 'up.sql' && other !== 'down.sql')) {
    reader.report('unknown-file', file(name), `${tool} never runs ${name}: only up.sql and down.sql of a migration's folder are read.`);
  }
  if (!files.includes('up.sql')) {
    if (files.includes('down.sql'))
      reader.report('orphan-down', file('down.sql'), `There is no up.sql next to this down.sql; ${tool} fails on such a folder.`);
    return undefined;
  }
  const choice =
    tool === 'Diesel' && files.includes('metadata.toml')
      ? await readMetadata(reader, file('metadata.toml'))
      : ({ transaction: 'script' } as const);
  const up = await reader.text(file('up.sql'));
  const down = files.includes('down.sql') ? await reader.text(file('down.sql')) : undefined;
  if (up === undefined) return undefined;
  for (const name of ['up.sql', 'down.sql']) await reader.reportMark(file(name), `which ${tool} sends to the server`);
  const underscore = folder.indexOf('_');
  return {
    id: folder,
    version: underscore < 0 ? folder : folder.slice(0, underscore),
    name: underscore < 0 ? '' : folder.slice(underscore + 1),
    up: wholeScript(file('up.sql'), 'up', up, choice),
    down: down === undefined ? undefined : wholeScript(file('down.sql'), 'down', down, choice),
    verify: undefined,
    repeatable: false,
  };
}

/** Diesel itself ignores a metadata.toml that it cannot read and then opens a transaction; so does this, but it says so. */
async function readMetadata(reader: DirectoryReader, file: string): Promise<TransactionChoice> {
  const text = await reader.text(file);
  if (text === undefined) return { transaction: 'script' };
  try {
    const value = parseToml(text)['run_in_transaction'];
    if (value !== undefined && typeof value !== 'boolean') {
      reader.report('bad-directive', file, 'run_in_transaction must be true or false; Diesel ignores the file and opens a transaction.');
    }
    return { transaction: value === false ? 'none' : 'script' };
  } catch (error) {
    const cause = error instanceof Error ? ` ${error.message.split('\n')[0]}` : '';
    reader.report('bad-directive', file, `metadata.toml is not valid TOML; Diesel ignores it and opens a transaction.${cause}`);
    return { transaction: 'script' };
  }
}
