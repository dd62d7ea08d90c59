import { baseName, joined, parentFolder } from '../../core/paths';
import type { Layout } from './layout';
import { readPairs, type PairRules } from './pairs';

const namePattern = /^([0-9]+)_(.*)\.sql$/s;

/**
 * Supabase: `supabase/migrations/<14 digits>_<name>.sql`, beside `supabase/config.toml`. Files run by number, and others are passed
 * over. The command line sends the statements of a file and the row of its journal as one batch, which is one transaction, and
 * has no setting against that. It knows no downs.
 */
export const supabase: Layout = {
  name: 'supabase',
  runner: {
    transaction: 'script',
    sends: 'statements',
    hasDowns: false,
    journal: {
      table: 'supabase_migrations',
      create:
        'CREATE SCHEMA supabase_migrations; CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY, statements text[], name text)',
    },
  },
  detect({ path, around }) {
    const parent = around[1];
    if (baseName(path) !== 'migrations' || !parent || baseName(parent.path) !== 'supabase' || !parent.names.includes('config.toml'))
      return undefined;
    return { confidence: 'marker', reason: `${joined(parentFolder(path), 'config.toml')} holds Supabase's settings.` };
  },
  read: (files, directory) => readPairs(files, rules(directory)),
  owns: (relativePath) => !relativePath.includes('/') && namePattern.test(relativePath),
  downTemplate: () => undefined,
};

function rules(directory: string): PairRules {
  return {
    directory,
    transaction: () => ({ transaction: 'script' }),
    onDuplicate: 'Supabase runs only one of them: its journal records each version once.',
    parse(name) {
      const match = namePattern.exec(name);
      if (!match)
        return name.endsWith('.sql') ? { unknown: `Supabase skips ${name}: a name like 20240101120000_name.sql was expected.` } : 'ignored';
      const [, version = '', title = ''] = match;
      return { name, version, title, id: `${version}_${title}`, direction: 'up' };
    },
  };
}
