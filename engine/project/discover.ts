import type { Files } from '../core/host';
import { parentFolder, resolvePath } from '../core/paths';
import { findMigrationDirectories } from '../layouts/index';
import { parseManifest } from '../manifest/parse';
import { isManifestPath } from './open-project';

const skippedFolders = new Set(['node_modules', '.git', 'dist', 'build', 'target', 'vendor', '.mem8', '.vscode-test']);
const deepestLevel = 8;

/**
 * The upgrade projects below a folder: every manifest, and every migrations directory that no manifest owns.
 * Returns paths for `openProject`, sorted. The search is bounded in depth and skips dependency and build folders.
 */
export async function discoverProjects(files: Files, folder: string): Promise<string[]> {
  const manifests = await findManifests(files, folder, 0);
  const owned = new Set<string>();
  for (const path of manifests) {
    // One that cannot be read still counts: opening it says why.
    const text = await files.readText(path).catch(() => '');
    const { manifest } = parseManifest(path, text);
    owned.add(resolvePath(parentFolder(path), manifest?.migrations.directory ?? 'migrations'));
  }
  const directories = await findMigrationDirectories(files, folder, { maxDepth: deepestLevel });
  const free = directories.map(({ path }) => path).filter((path) => !owned.has(path));
  return [...manifests, ...free].sort();
}

async function findManifests(files: Files, folder: string, level: number): Promise<string[]> {
  const found: string[] = [];
  for (const name of await files.list(folder)) {
    if (!name.endsWith('/')) {
      if (isManifestPath(name)) found.push(`${folder}/${name}`);
    } else if (level < deepestLevel && !skippedFolders.has(name.slice(0, -1))) {
      found.push(...(await findManifests(files, `${folder}/${name.slice(0, -1)}`, level + 1)));
    }
  }
  return found;
}
