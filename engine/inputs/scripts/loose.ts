import type { Files } from '../../core/host';
import { compareCodePoints, joined, baseName } from '../../core/paths';
import { holdsPsqlCommands } from '../../databases/postgresql/sql/psql';
import type { Layout, LayoutReading } from './layout';
import type { Migration } from '../../core/scripts';
import { firstLineHeader } from './pairs';
import { psqlScript } from './psql-script';
import { DirectoryReader, isPresent, mapFew } from './reader';
import { lineAtStart, wholeScript } from './sections';

const header = '-- no-transaction';

/**
 * SQL files with no order between them. Nothing tells who will run them; they are judged as a script in one transaction,
 * which every tool but two opens, unless the first line is `-- no-transaction`. There are no downs.
 */
export const loose: Layout = {
  name: 'loose',
  runner: { transaction: 'script', sends: 'statements', noTransaction: header, hasDowns: false },
  detect: () => undefined,
  async read(files, directory) {
    const names = (await files.list(directory)).filter((name) => name.endsWith('.sql'));
    return readLoose(
      files,
      directory,
      names.map((name) => joined(directory, name)),
    );
  },
  owns: (relativePath) => !relativePath.includes('/') && relativePath.endsWith('.sql'),
  downTemplate: () => undefined,
  noTransactionEdit: (script) => lineAtStart(script, header),
};

/** Reads each path as a migration of its own, in path order. The id is the path below `root`, without `.sql`. */
export async function readLoose(files: Files, root: string, paths: readonly string[]): Promise<LayoutReading> {
  const reader = new DirectoryReader(files, root);
  const sorted = [...new Set(paths)].sort(compareCodePoints);
  const read = await mapFew(sorted, async (path): Promise<Migration | undefined> => {
    const text = await reader.text(path);
    if (text === undefined) return undefined;
    const below = path.startsWith(joined(root, '')) ? path.slice(joined(root, '').length) : path;
    const id = below.replace(/\.sql$/, '');
    const script = wholeScript(path, 'up', text, firstLineHeader(text, header));
    const up = holdsPsqlCommands(text) ? psqlScript(script) : script;
    return { id, version: '', name: baseName(id), up, down: undefined, verify: undefined, repeatable: false };
  });
  return { migrations: read.filter(isPresent), problems: reader.problems };
}
