import { parentFolder } from '../../core/paths';
import type { Files } from '../../core/host';
import { layoutOfFile } from '../../inputs/scripts/index';
import { discoverProjects } from './discover';
import { manifestIn } from '../../inputs/manifest/find-manifest';
import { openProject } from './open-project';

/** Folders above a migrations directory in which its manifest is looked for, the directory included. */
const mostFolders = 4;

/** The path of the project that a script belongs to: the nearest manifest that owns it, else its migrations directory. */
export async function ownerOf(files: Files, script: string): Promise<string | undefined> {
  if ((await files.kind(script)) !== 'file') return undefined;
  const directory = (await layoutOfFile(files, script))?.path;
  if (directory === undefined) return undefined;
  for (let folder = directory, i = 0; i < mostFolders && parentFolder(folder) !== folder; folder = parentFolder(folder), i++) {
    const manifest = await manifestIn(files, folder);
    const opened = manifest === undefined ? undefined : await openProject({ files, paths: [manifest] });
    if (opened?.ok && opened.value.ownedFiles.has(script)) return manifest;
  }
  return (await discoverProjects(files, directory)).find((each) => each === directory);
}
