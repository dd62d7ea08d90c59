import { joined } from '../core/paths';
import { holdsPsqlCommands } from '../sql/psql';
import type { Layout } from './layout';
import { firstLineHeader, newFile, readPairs, type PairRules } from './pairs';
import { psqlScript } from './psql-script';
import { lineAtStart } from './sections';

const header = '-- no-transaction';
const namePattern = /^(\d+)([._-].*?)?(?:\.(up|down|verify))?\.sql$/s;

/**
 * Numbered files of no known tool: `<number>[_name].sql`, with `.down.sql` and `.verify.sql` beside it where there are some.
 * Files run by number. A script runs as a whole in one transaction, unless its first line is `-- no-transaction`.
 */
export const plain: Layout = {
  name: 'plain',
  runner: { transaction: 'script', sends: 'whole', noTransaction: header, hasDowns: true },
  detect(listing) {
    const example = listing.files.find((name) => namePattern.test(name));
    return example === undefined
      ? undefined
      : { confidence: 'name', reason: `${example} starts with a number, and nothing shows which tool it is for.` };
  },
  read: (files, directory) => readPairs(files, rules(directory)),
  owns: (relativePath) => !relativePath.includes('/') && namePattern.test(relativePath),
  downTemplate: (migration, directory, body) => newFile(joined(directory, `${migration.id}.down.sql`), body),
  noTransactionEdit: (script) => lineAtStart(script, header),
};

function rules(directory: string): PairRules {
  return {
    directory,
    transaction: (text) => firstLineHeader(text, header),
    prepared: (script) => (holdsPsqlCommands(script.text) ? psqlScript(script) : script),
    onDuplicate: 'Their order follows from the rest of their names; give one of them a number of its own.',
    parse(name) {
      const match = namePattern.exec(name);
      if (!match)
        return name.endsWith('.sql') ? { unknown: `${name} has no place in the order: a number was expected at its start.` } : 'ignored';
      const [, version = '', rest = '', direction = 'up'] = match;
      return {
        name,
        version,
        title: rest.replace(/^[._-]/, ''),
        id: version + rest,
        direction: direction === 'down' || direction === 'verify' ? direction : 'up',
      };
    },
  };
}
