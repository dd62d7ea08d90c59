import { apiOf, type Manifest } from '../manifest/schema';
import { parentFolder, resolvePath } from '../core/paths';
import type { Reason } from './reason';

/** What the validator needs of the file system. */
export interface ApiFiles {
  kind(path: string): Promise<'file' | 'folder' | 'missing'>;
}

/**
 * Looks at the APIs that releases declare: that each description exists, and that no API goes away between two releases.
 * The descriptions themselves are not compared.
 */
export class ApiValidator {
  constructor(
    private readonly manifest: Manifest,
    private readonly manifestPath: string,
    private readonly files: ApiFiles,
  ) {}

  /** @param current null when nothing is installed */
  async validateApis(current: string | null, passes: readonly string[]): Promise<Reason[]> {
    const reasons: Reason[] = [];
    let before = this.#apis(current);
    for (const release of passes) {
      const now = this.#apis(release);
      for (const [name, path] of Object.entries(now)) {
        if ((await this.files.kind(resolvePath(parentFolder(this.manifestPath), path))) !== 'missing') continue;
        reasons.push({
          code: 'api-missing',
          message: `Release ${release} describes its API ${name} in ${path}, but there is no such file.`,
          remedy: 'Add the description or correct the path.',
        });
      }
      for (const name of Object.keys(before).filter((other) => !(other in now))) {
        reasons.push({
          code: 'api-removed',
          message: `Release ${release} has no API ${name}, which the release before it offers.`,
          remedy: `Keep ${name}, or say in the notes of the release who has to change what, and list it again until nobody calls it.`,
        });
      }
      before = now;
    }
    return reasons;
  }

  #apis(release: string | null): Readonly<Record<string, string>> {
    const apis = this.manifest.releases.find((candidate) => candidate.version === release)?.apis ?? {};
    return Object.fromEntries(Object.entries(apis).map(([name, api]) => [name, apiOf(api).file]));
  }
}
