import { joined } from '../../core/paths';
import { readFolders } from './diesel';
import type { Layout } from './layout';
import { projectFileWith } from './listing';
import { newFile } from './pairs';

/**
 * Hasura: a folder for each migration, `<version>_<name>/up.sql` with `down.sql`, in a project whose `config.yaml` names its metadata or
 * migrations directory. Hasura's server gets each script as a whole and runs it in a transaction, for which there is no setting. What has
 * run is recorded in the server's own catalogue.
 */
export const hasura: Layout = {
  name: 'hasura',
  runner: { transaction: 'script', sends: 'whole', hasDowns: true },
  detect(listing) {
    const example = listing.folders.find((folder) => /^\d+_/.test(folder) && listing.inFolders.get(folder)?.includes('up.sql'));
    const settings = projectFileWith(listing, 'config.yaml', hasuraSettings);
    if (example === undefined || settings === undefined) return undefined;
    return { confidence: 'marker', reason: `${example}/up.sql is where Hasura keeps a migration, and ${settings} holds its settings.` };
  },
  read: (files, directory) => readFolders(files, directory, 'Hasura'),
  owns: (relativePath) => /^[^/]+\/(up|down)\.sql$/.test(relativePath),
  downTemplate: (migration, directory, body) => newFile(joined(directory, `${migration.id}/down.sql`), body),
};

/** What a `config.yaml` of Hasura's command line has, and no other. */
export const hasuraSettings = /^(?:metadata_directory|migrations_directory)\s*:|hdb_catalog/m;
