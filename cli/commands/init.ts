import { baseName, parentFolder, resolvePath } from '#engine/core/paths';
import { failure, success } from '#engine/core/problem';
import { findMigrationDirectories, readMigrations } from '#engine/layouts/index';
import type { LayoutName } from '#engine/layouts/migration';
import { initialManifest } from '#engine/manifest/write';
import type { Terminal } from '../terminal';
import { report, type OutputOptions } from './report';

export interface InitOptions extends OutputOptions {
  readonly layout: LayoutName | 'auto';
  readonly system?: string;
  readonly force?: boolean;
}

/** `init`: writes `upgrade.yaml` beside a migrations directory, from what is there. */
export async function init(terminal: Terminal, path: string | undefined, options: InitOptions): Promise<number> {
  const { files } = terminal;
  const start = resolvePath(terminal.cwd, path ?? '.');
  const answer = (outcome: Parameters<typeof report<{ manifest: string; layout: string; migrations: number }>>[2]) =>
    report(
      terminal,
      options,
      outcome,
      ({ manifest, layout, migrations }) =>
        `Wrote ${manifest}: ${migrations} migrations of the layout ${layout} in release 1.0.0.\nNext: mem8-upgrade check ${manifest}\n`,
    );

  let read = await readMigrations(files, start, options.layout);
  if (!read.ok && read.problem.code === 'layout-unknown') {
    const [below] = await findMigrationDirectories(files, start, { maxDepth: 6 });
    if (below) read = await readMigrations(files, below.path, options.layout);
  }
  if (!read.ok) return answer(failure(read.problem));
  const directory = read.value;
  // The manifest stands beside the directory, or where the command was pointed at, when that is above it.
  const folder = directory.path === start ? parentFolder(directory.path) : start;
  const manifest = `${folder}/upgrade.yaml`;
  if ((await files.kind(manifest)) !== 'missing' && options.force !== true) {
    return answer(
      failure({ code: 'usage', file: manifest, message: `${manifest} exists already.`, remedy: 'Edit it, or pass --force to replace it.' }),
    );
  }
  const text = initialManifest({
    system: options.system ?? systemName(folder),
    directory: directory.path.startsWith(`${folder}/`) ? directory.path.slice(folder.length + 1) : directory.path,
    layout: directory.layout,
    migrations: directory.migrations.filter(({ repeatable }) => !repeatable).map(({ id }) => id),
  });
  await files.write(manifest, text);
  return answer(success({ manifest, layout: directory.layout, migrations: directory.migrations.length }));
}

/** A valid system name made from a folder's name. */
function systemName(folder: string): string {
  const name = baseName(folder)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return name || 'system';
}
