import { guessVersion } from '../../../core/versions';
import { readReleases } from '../../../inputs/releases/releases';
import type { Check } from '../check';
import { releasePath, replaceInManifest, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'release-version-invalid',
  hazards: ['M1'],
  severity: 'error',
  summary: 'Lists a release without a semantic version, so no upgrade leads to it.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    for (const { version, index, reason } of readReleases(usable.manifest).unusable) {
      if (reason !== 'invalid') continue;
      const range = usable.document.rangeOf(releasePath(usable.document, index, 'version'));
      const guess = guessVersion(version);
      yield {
        range,
        message: `No upgrade leads to this release: ${version} is not a semantic version`,
        advice: `Write MAJOR.MINOR.PATCH${guess === undefined ? '' : `, such as ${guess}`}.`,
        fixes: guess === undefined ? [] : [replaceInManifest(usable.document, range, guess)],
      };
    }
  },
};
