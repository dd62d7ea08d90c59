import { parse as parseYaml } from 'yaml';
import type { Files } from '../../core/host';
import { outcomeOf } from '../../core/problem';
import { joined, parentFolder, resolvePath } from '../../core/paths';
import { findMigrationDirectories, stringsOf } from '../../inputs/scripts/index';
import { configurationFileName } from '../context/configuration';
import { readConfiguration } from './configuration-file';
import { isManifestPath } from '../../inputs/manifest/find-manifest';

/**
 * The upgrade projects of a folder: every manifest, and every migrations directory that no manifest owns.
 * Returns paths for `openProject`, sorted. What a manifest names (its migrations, baseline, statistics, queries and APIs) is never
 * another project, nor are folders inside or around it. A folder whose `.mem8-upgrade.yaml` names a layout is a project whatever it
 * looks like. See `findMigrationDirectories` for what else is left out.
 */
export async function discoverProjects(files: Files, folder: string, signal?: AbortSignal): Promise<string[]> {
  const manifests: string[] = [];
  const settings: string[] = [];
  const directories = await findMigrationDirectories(files, folder, {
    signal,
    onFolder: (path, names) => {
      manifests.push(...names.filter(isManifestPath).map((name) => joined(path, name)));
      if (names.includes(configurationFileName) && names.some((name) => name.endsWith('.sql'))) settings.push(path);
    },
  });
  const named = (await Promise.all(manifests.map((path) => pathsNamedBy(files, path)))).flat();
  const configured = await Promise.all(settings.map(async (path) => ((await namesLayout(files, path)) ? [path] : [])));
  const free = [...new Set([...directories.map(({ path }) => path), ...configured.flat()])].filter(
    (path) => !named.some((each) => isInOrAround(path, each)),
  );
  return [...manifests, ...free].sort();
}

async function namesLayout(files: Files, folder: string): Promise<boolean> {
  const configuration = await outcomeOf(() => readConfiguration(files, folder));
  return configuration.ok && configuration.value.layout !== 'auto';
}

/** Keys of a manifest whose values are paths. */
const pathKeys = new Set(['directory', 'baseline', 'statistics', 'queries', 'apis']);

/** Every path that a manifest names. One that cannot be read, or is not valid yet, still owns what it names, `migrations` at least. */
async function pathsNamedBy(files: Files, manifest: string): Promise<string[]> {
  const folder = parentFolder(manifest);
  const text = await files.readText(manifest).catch(() => '');
  const found: string[] = [];
  collectPaths(valuesOf(text), found);
  if (!/^\s*directory\s*:/m.test(text)) found.push('migrations');
  return found.map((path) => resolvePath(folder, path));
}

function valuesOf(text: string): unknown {
  try {
    return parseYaml(text);
  } catch {
    return [...text.matchAll(/^\s*(?:-\s+)?(directory|baseline|statistics|queries)\s*:\s*["']?([^"'#\s[\]]+)/gm)].map(
      ([, key = '', value = '']) => ({ [key]: value }),
    );
  }
}

function collectPaths(value: unknown, found: string[], within: ReadonlySet<unknown> = new Set()): void {
  if (typeof value !== 'object' || value === null || within.has(value)) return;
  const inside = new Set(within).add(value);
  for (const [key, each] of Object.entries(value)) {
    if (pathKeys.has(key)) found.push(...stringsOf(each).map((string) => string.value));
    else collectPaths(each, found, inside);
  }
}

/** True for a directory that is, holds or is inside what was named, and for the folder of a named file. */
function isInOrAround(directory: string, named: string): boolean {
  const isFile = /\.\w+$/.test(named);
  return directory === named || named.startsWith(joined(directory, '')) || (!isFile && directory.startsWith(joined(named, '')));
}
