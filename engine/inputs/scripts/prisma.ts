import { compareCodePoints, joined } from '../../core/paths';
import type { Layout } from './layout';
import type { Migration } from '../../core/scripts';
import { DirectoryReader, isPresent, mapFew } from './reader';
import { wholeScript } from './sections';

const script = 'migration.sql';

/**
 * Prisma Migrate: a folder for each migration, `<14 digits>_<name>/migration.sql`, in the order of the folders' names, with
 * `migration_lock.toml` beside them. Each file is sent as one message and Prisma opens no transaction. Prisma itself knows
 * no downs; a `down.sql` in the folder, as its guide to down migrations writes one, is read as the down.
 */
export const prisma: Layout = {
  name: 'prisma',
  runner: {
    transaction: 'none',
    sends: 'whole',
    hasDowns: false,
    keepsSession: true,
    journal: {
      table: '_prisma_migrations',
      create: `CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`,
      foundBySearchPath: true,
    },
  },
  detect(listing) {
    if (listing.files.includes('migration_lock.toml'))
      return { confidence: 'marker', reason: 'migration_lock.toml is written by Prisma Migrate.' };
    const example = listing.folders.find((folder) => /^\d{14}_/.test(folder) && listing.inFolders.get(folder)?.includes(script));
    return example === undefined ? undefined : { confidence: 'name', reason: `${example}/${script} is where Prisma keeps a migration.` };
  },
  async read(files, directory) {
    const reader = new DirectoryReader(files, directory);
    const names = await reader.names();
    for (const name of names.files.filter((file) => file.endsWith('.sql'))) {
      reader.report('unknown-file', reader.path(name), `Prisma skips ${name}: a migration is a folder with ${script} in it.`);
    }
    const read = await mapFew([...names.folders].sort(compareCodePoints), (folder) => readFolder(reader, folder));
    return { migrations: read.filter(isPresent), problems: reader.problems };
  },
  owns: (relativePath) => /^[^/]+\/(migration|down)\.sql$/.test(relativePath),
  downTemplate: () => undefined,
};

async function readFolder(reader: DirectoryReader, folder: string): Promise<Migration | undefined> {
  const { files } = await reader.names(folder);
  const file = (name: string) => reader.path(joined(folder, name));
  if (!files.includes(script)) {
    const program = files.find((each) => /^migration\.[cm]?[jt]s$/.test(each));
    if (program !== undefined) {
      reader.report('opaque-script', file(program), `${folder} is a migration in code; its effect on the schema is unknown.`);
      return undefined;
    }
    reader.report(
      'unreadable-script',
      file(script),
      `${folder} has no ${script}; Prisma refuses to run any migration (P3015) until the folder has one or is deleted.`,
    );
    return undefined;
  }
  const text = await reader.text(file(script));
  const down = files.includes('down.sql') ? await reader.text(file('down.sql')) : undefined;
  if (text === undefined) return undefined;
  await reader.reportMark(file(script), 'which Prisma sends to the server');
  const match = /^(\d+)_(.*)$/s.exec(folder);
  return {
    id: folder,
    version: match?.[1] ?? '',
    name: match?.[2] ?? folder,
    up: wholeScript(file(script), 'up', text, { transaction: 'none' }),
    down: down === undefined ? undefined : wholeScript(file('down.sql'), 'down', down, { transaction: 'none' }),
    verify: undefined,
    repeatable: false,
  };
}
