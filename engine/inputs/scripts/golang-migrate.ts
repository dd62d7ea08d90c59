import { joined } from '../../core/paths';
import { dialectNamed } from '../../core/dialects';
import type { Layout } from './layout';
import { listDirectory, nearestWith, projectFileWith } from './listing';
import { newFile, readPairs, type PairRules } from './pairs';
import { startingFileWith } from './project-texts';
import { multiStatementRunner } from './runner-settings';
import { largestUint64 } from './versions';

const namePattern = /^([0-9]+)_(.*)\.(down|up)\.(.*)$/;

/**
 * golang-migrate: `<version>_<name>.up.sql` with `.down.sql`. Migrators of other tools, River's for one, name theirs alike.
 * The tool parses names with the pattern above, reads the version as an unsigned 64-bit number, and passes over every
 * other file without a word. It sends each file as one message, or with `x-multi-statement` piece by piece, and opens no transaction.
 */
export const golangMigrate: Layout = {
  name: 'golang-migrate',
  runner: {
    transaction: 'none',
    sends: 'whole',
    hasDowns: true,
    keepsSession: true,
    journal: { table: 'schema_migrations', create: `CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)` },
  },
  detect(listing) {
    const example = listing.files.find((name) => /^[0-9]+_.*\.up\.sql$/.test(name));
    if (example === undefined || isOfOtherMigrator(listing.files)) return undefined;
    const module = projectFileWith(listing, 'go.mod', /golang-migrate\/migrate/);
    if (module !== undefined) {
      return { confidence: 'marker', reason: `${example} is named like a golang-migrate script and ${module} requires the tool.` };
    }
    if (meansNoDirection(listing.files)) return undefined;
    const alike = nearestWith(listing, 'Cargo.toml') === undefined ? 'sqlx and umzug use the same names' : 'sqlx uses the same names';
    return {
      confidence: 'name',
      reason: `${example} is named like a golang-migrate script, but ${alike}: set the layout if the scripts are for another tool.`,
    };
  },
  async read(files, directory) {
    const reading = await readPairs(files, rules(directory));
    const isMulti = (await startingFileWith(files, await listDirectory(files, directory), /x-multi-statement=true/i)) !== undefined;
    return isMulti ? { ...reading, runner: multiStatementRunner(golangMigrate.runner, true) } : reading;
  },
  owns: (relativePath) => !relativePath.includes('/') && namePattern.test(relativePath) && relativePath.endsWith('.sql'),
  downTemplate: (migration, directory, body) => newFile(joined(directory, `${migration.id}.down.sql`), body),
};

/** Migrators that have migrations in Go, write a file for each database, or number most files further than the tool can read, are not this one. */
function isOfOtherMigrator(names: readonly string[]): boolean {
  if (names.some((name) => /^[0-9]+_.*\.(?:up|down)\.go$/.test(name))) return true;
  const scripts = names.flatMap((name) => {
    const [, version = '', infix = ''] = /^([0-9]+)_.*?(?:\.(\w+))?\.(?:up|down)\.sql$/.exec(name) ?? [];
    return version === ''
      ? []
      : [{ isLarge: BigInt(version) > largestUint64, isVariant: infix === 'autocommit' || dialectNamed(infix) !== undefined }];
  });
  return scripts.some(({ isVariant }) => isVariant) || scripts.filter(({ isLarge }) => isLarge).length * 2 > scripts.length;
}

/** Where nothing is ever undone and names without a direction are usual, `.up` is only a part of some names. */
function meansNoDirection(names: readonly string[]): boolean {
  const scripts = names.filter((name) => /^[0-9]+_.*\.sql$/.test(name));
  const without = scripts.filter((name) => !/\.(?:up|down)\.sql$/.test(name));
  return without.length > 1 && !scripts.some((name) => name.endsWith('.down.sql'));
}

function rules(directory: string): PairRules {
  return {
    directory,
    transaction: () => ({ transaction: 'none' }),
    onMark: 'which golang-migrate sends to the server',
    onDuplicate: 'golang-migrate refuses to start until one of them gets another version.',
    parse(name) {
      const match = namePattern.exec(name);
      if (!match) {
        return name.endsWith('.sql')
          ? { unknown: `golang-migrate silently skips ${name}: a name like 0001_name.up.sql was expected.` }
          : 'ignored';
      }
      const [, version = '', title = '', direction, extension] = match;
      if (BigInt(version) > largestUint64) {
        return { unknown: `golang-migrate skips ${name}: version ${version} is larger than ${largestUint64}.` };
      }
      if (extension !== 'sql') return { opaque: `golang-migrate runs ${name}, which is not an .sql file and cannot be checked.` };
      return { name, version, title, id: `${version}_${title}`, direction: direction === 'up' ? 'up' : 'down' };
    },
  };
}
