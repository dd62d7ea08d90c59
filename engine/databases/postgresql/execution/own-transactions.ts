import type { Migration, MigrationDirectory, Script } from '../../../core/scripts';
import { cannotRunInTransaction } from '../sql/nodes';
import { parseScript } from '../sql/parser';
import type { ParsedStatement } from '../sql/statement';
import { openedAtStart } from '../sql/transaction-control';
import { needsOwnTransaction } from './statement-kinds';

/** What statements that `needsOwnTransaction` finds have in them; only scripts with one of these words are parsed for it. */
const words =
  /\b(?:concurrently|vacuum|cluster|reindex|system|database|tablespace|subscription|prepared|call|commit|rollback)\b|\bdiscard\s+all\b/i;

/**
 * The directory with those scripts outside a transaction that are evidently meant for that. Only where nothing tells which tool runs
 * the scripts and the script has no header: a transaction is then assumed, and a statement that cannot run in one speaks against it.
 * The SQL parser must be loaded.
 */
export function withEvidentTransactions(directory: MigrationDirectory): MigrationDirectory {
  if (directory.layout !== 'loose' && directory.layout !== 'plain') return directory;
  return withScripts(directory, knownEvident, (script) => {
    if (script.transaction === 'none' || script.transactionHeader || !words.test(script.sql)) return script;
    const isEvident = sqlOf(script).some(({ node }) => node && cannotRunInTransaction(node));
    return isEvident ? outside(script) : script;
  });
}

/**
 * The directory as runs of its manifest take it: a script that holds a statement that cannot run in a transaction is sent statement by
 * statement, whatever its tool does. See `unitsOf`. The SQL parser must be loaded.
 */
export function asRun(directory: MigrationDirectory): MigrationDirectory {
  return withScripts(directory, knownAsRun, (script) => {
    if (!words.test(script.sql)) return script;
    const statements = sqlOf(script);
    const { transaction, sends = directory.runner.sends } = script;
    const isInside = openedAtStart({ transaction, sends }, statements.length) !== 'none';
    return isInside && statements.some(needsOwnTransaction) ? outside(script) : script;
  });
}

type Known = WeakMap<Migration, Migration>;

const knownEvident: Known = new WeakMap();
const knownAsRun: Known = new WeakMap();

function withScripts(directory: MigrationDirectory, known: Known, change: (script: Script) => Script): MigrationDirectory {
  const migrations = directory.migrations.map((migration) => changed(migration, known, change));
  return migrations.every((each, index) => each === directory.migrations[index]) ? directory : { ...directory, migrations };
}

/** The same object for the same migration, which is then recognised. */
function changed(migration: Migration, known: Known, change: (script: Script) => Script): Migration {
  const before = known.get(migration);
  if (before) return before;
  const up = change(migration.up);
  const down = migration.down && change(migration.down);
  const result = up === migration.up && down === migration.down ? migration : { ...migration, up, down };
  known.set(migration, result);
  known.set(result, result);
  return result;
}

function sqlOf(script: Script): ParsedStatement[] {
  return parseScript(script).filter(({ kind }) => kind === 'sql');
}

function outside(script: Script): Script {
  return { ...script, transaction: 'none', sends: 'statements', isMeantOutside: true };
}
