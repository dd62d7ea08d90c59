import type { Files } from '#engine/core/host';
import { joined, parentFolder } from '#engine/core/paths';
import { detectLayout, layoutOfFile } from '#engine/inputs/scripts/index';
import { isManifestPath } from '#engine/inputs/manifest/find-manifest';

/** Where tools keep migrations unless they are told otherwise. `package.json` has the extension activated for these. */
export const usualPlaces = [
  'migrations',
  'db/migrations',
  'db/migration',
  'database/migrations',
  'sql/migrations',
  'supabase/migrations',
  'prisma/migrations',
  'src/main/resources/db/migration',
];

/** Enough for the upper levels of a large repository; more would be work that nobody asked for. */
const mostFolders = 300;
const deepestLevel = 5;
const foldersAbove = 5;
const skippedFolders = new Set(['node_modules', 'dist', 'target', 'vendor', 'build', 'out']);

export interface Sight {
  readonly hasManifest: boolean;
  readonly hasMigrations: boolean;
}

/**
 * Whether a folder has a manifest or migrations in sight: the usual places, then level by level. The search is bounded, so it can miss
 * what lies deep in a large repository; the language server looks everywhere once a file is open.
 */
export async function lookAround(files: Files, root: string): Promise<Sight> {
  let hasManifest = false;
  let hasMigrations = false;
  let looked = 0;
  for (const place of usualPlaces) if (!hasMigrations) hasMigrations = await isMigrationsFolder(files, joined(root, place));
  let level = [root];
  for (let depth = 0; depth <= deepestLevel && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++looked > mostFolders) return { hasManifest, hasMigrations };
      const names = await namesIn(files, folder);
      if (names.some(isManifestPath)) hasManifest = true;
      if (!hasMigrations && mayHoldMigrations(names)) hasMigrations = await isMigrationsFolder(files, folder);
      if (hasManifest && hasMigrations) return { hasManifest, hasMigrations };
      for (const name of names) if (isSearched(name)) next.push(joined(folder, name.slice(0, -1)));
    }
    level = next;
  }
  return { hasManifest, hasMigrations };
}

/** Whether a script lies in a migrations directory, or below a manifest that may know it. */
export async function mayBeOurs(files: Files, script: string): Promise<boolean> {
  if (await layoutOfFile(files, script)) return true;
  for (let folder = parentFolder(script), above = 0; above <= foldersAbove; folder = parentFolder(folder), above++) {
    if ((await namesIn(files, folder)).some(isManifestPath)) return true;
    if (parentFolder(folder) === folder) break;
  }
  return false;
}

/** Cheap to say before files are read: scripts, files that tools leave beside them, or a folder for each script. */
function mayHoldMigrations(names: readonly string[]): boolean {
  return names.some((name) => /\.sql$|^(?:sqitch\.plan|atlas\.sum|migration_lock\.toml)$|^\d[^/]*\/$/.test(name));
}

async function isMigrationsFolder(files: Files, folder: string): Promise<boolean> {
  return (await namesIn(files, folder)).length > 0 && (await detectLayout(files, folder)) !== undefined;
}

function isSearched(name: string): boolean {
  return name.endsWith('/') && !name.startsWith('.') && !skippedFolders.has(name.slice(0, -1));
}

/** Empty where the folder cannot be read. */
function namesIn(files: Files, folder: string): Promise<string[]> {
  return files.list(folder).catch(() => []);
}
