import type { Files } from '../../core/host';
import { resolvePath } from '../../core/paths';
import { outcomeOf, type Problem } from '../../core/problem';
import { knownManifest } from '../manifest/known-manifests';
import type { Manifest } from '../manifest/schema';

/** Manifests of other systems by the name under which `systems` lists them, or why one cannot be read: `file-*`, `manifest-*`. */
export type OtherSystems = ReadonlyMap<string, Manifest | Problem>;

export function isReadable(system: Manifest | Problem): system is Manifest {
  return 'releases' in system;
}

/** The absolute path of another system's manifest; a folder stands for the `upgrade.yaml` in it. */
export function systemFile(folder: string, path: string): string {
  const file = resolvePath(folder, path);
  return /\.ya?ml$/i.test(file) ? file : `${file}/upgrade.yaml`;
}

/** Reads the manifests that `systems` names, relative to the folder of the manifest that names them. */
export async function readSystems(files: Files, folder: string, systems: Manifest['systems']): Promise<OtherSystems> {
  const read = new Map<string, Manifest | Problem>();
  for (const [name, path] of Object.entries(systems)) read.set(name, await readSystem(files, systemFile(folder, path)));
  return read;
}

async function readSystem(files: Files, file: string): Promise<Manifest | Problem> {
  const text = await outcomeOf(() => files.readText(file));
  if (!text.ok) return text.problem;
  const { manifest, problems } = knownManifest(file, text.value);
  return manifest ?? problems[0] ?? { code: 'manifest-empty', message: `${file} lists no releases.`, remedy: 'Add a release.', file };
}
