import type { Migration, MigrationDirectory, Script } from '../../../core/scripts';
import { cannotRunInTransaction } from './nodes';
import { parseScript } from './parser';

/** What the statements that cannot run in a transaction have in them; only scripts with one of these words are parsed for it. */
const words = /\b(?:concurrently|vacuum|cluster|reindex|system|database|tablespace|subscription|prepared)\b|\bdiscard\s+all\b/i;

/**
 * The directory with those scripts outside a transaction that are evidently meant for that. Only where nothing tells which tool runs
 * the scripts and the script has no header: a transaction is then assumed, and a statement that cannot run in one speaks against it.
 * The SQL parser must be loaded.
 */
export function withEvidentTransactions(directory: MigrationDirectory): MigrationDirectory {
  if (directory.layout !== 'loose' && directory.layout !== 'plain') return directory;
  const migrations = directory.migrations.map(evident);
  return migrations.every((each, index) => each === directory.migrations[index]) ? directory : { ...directory, migrations };
}

const known = new WeakMap<Migration, Migration>();

/** The same object for the same migration, which is then recognised. */
function evident(migration: Migration): Migration {
  const before = known.get(migration);
  if (before) return before;
  const up = outside(migration.up);
  const down = migration.down && outside(migration.down);
  const result = up === migration.up && down === migration.down ? migration : { ...migration, up, down };
  known.set(migration, result);
  known.set(result, result);
  return result;
}

function outside(script: Script): Script {
  if (script.transaction === 'none' || script.transactionHeader || !words.test(script.sql)) return script;
  const isEvident = parseScript(script).some(({ node, kind }) => kind === 'sql' && node && cannotRunInTransaction(node));
  return isEvident ? { ...script, transaction: 'none', sends: 'statements', isMeantOutside: true } : script;
}
