import type { Files } from '../../core/host';
import { baseName } from '../../core/paths';

/** True for `upgrade.yaml` and `*.upgrade.yaml`, with `.yml` as well. */
export function isManifestPath(path: string): boolean {
  return /^(.+\.)?upgrade\.ya?ml$/i.test(baseName(path));
}

/** The manifest of a folder: `upgrade.yaml` before any `*.upgrade.yaml`. */
export async function manifestIn(files: Files, folder: string): Promise<string | undefined> {
  const names = (await files.list(folder)).filter(isManifestPath);
  const name = names.find((each) => /^upgrade\./i.test(each)) ?? names[0];
  return name === undefined ? undefined : `${folder}/${name}`;
}
