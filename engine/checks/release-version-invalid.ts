import { guessVersion, readReleases } from '../versions/releases';
import type { Check } from './check';
import { releasePath, replaceInManifest, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'release-version-invalid',
  hazards: ['M1'],
  group: 'manifest',
  severity: 'error',
  summary: 'A release has no semantic version, so no upgrade can lead to it or over it.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    for (const { version, index, reason } of readReleases(usable.manifest).unusable) {
      if (reason !== 'invalid') continue;
      const range = usable.document.rangeOf(releasePath(usable.document, index, 'version'));
      const guess = guessVersion(version);
      yield {
        range,
        message: `No upgrade can lead to this release: ${version} is not a semantic version (MAJOR.MINOR.PATCH)${guess === undefined ? '' : `; ${guess} would be one`}.`,
        fixes: guess === undefined ? [] : [replaceInManifest(usable.document, range, guess)],
      };
    }
  },
};
