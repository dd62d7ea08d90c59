import { featureTable, featureTableMarkdown, featureTableText } from '#engine/operations/checking';
import { joined, resolvePath } from '#engine/core/paths';
import { type Problem, ProblemError } from '#engine/core/problem';
import { parseManifest } from '#engine/inputs/manifest/parse';
import type { Manifest } from '#engine/inputs/manifest/schema';
import { manifestIn } from '#engine/inputs/manifest/find-manifest';
import { exitCodes } from '../exit-codes';
import type { Terminal } from '../terminal';

export interface MatrixOptions {
  readonly format: 'text' | 'markdown' | 'json';
  /** All releases, and not only the newest. */
  readonly all?: boolean;
}

/** Releases in a Markdown table that is still read with ease. */
const newestInMarkdown = 8;

/**
 * `matrix`: the features of each release and what the releases require. JSON holds all releases.
 * @throws ProblemError for a manifest that is not there or of which nothing can be read
 */
export async function matrix(terminal: Terminal, path: string | undefined, { format, all = false }: MatrixOptions): Promise<number> {
  const table = featureTable(await readManifest(terminal, resolvePath(terminal.cwd, path ?? '.')));
  if (format === 'json') terminal.out(`${JSON.stringify(table, null, 2)}\n`);
  else if (format === 'markdown') terminal.out(featureTableMarkdown(table, { newest: all ? undefined : newestInMarkdown }));
  else terminal.out(featureTableText(table, { columns: terminal.columns, all }));
  return exitCodes.clean;
}

async function readManifest({ files }: Terminal, path: string): Promise<Manifest> {
  const isFolder = (await files.kind(path)) === 'folder';
  const file = isFolder ? await manifestIn(files, path) : path;
  if (file === undefined) {
    const missing: Problem = {
      code: 'manifest-not-found',
      file: joined(path, 'upgrade.yaml'),
      message: `There is no manifest in ${path}.`,
      remedy: 'Specify the manifest (upgrade.yaml) or its folder.',
    };
    throw new ProblemError(missing);
  }
  const { manifest, problems } = parseManifest(file, await files.readText(file));
  const [problem] = problems;
  if (manifest) return manifest;
  const { code, message, remedy, line } = problem ?? {
    code: 'manifest-empty',
    message: 'The manifest is empty.',
    remedy: 'Add a release.',
  };
  throw new ProblemError({ code, message, remedy, file, line });
}
