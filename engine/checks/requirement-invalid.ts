import { parseRange } from '../versions/releases';
import type { Check } from './check';
import { releasePath, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'requirement-invalid',
  hazards: [],
  group: 'manifest',
  severity: 'error',
  summary: 'A requirement is not a range of versions, so it cannot be met by any.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    for (const [index, release] of usable.manifest.releases.entries()) {
      for (const [runtime, range] of Object.entries(release.requires)) {
        if (parseRange(range)) continue;
        yield {
          range: usable.document.rangeOf(releasePath(usable.document, index, 'requires', runtime)),
          message: `No ${runtime} can ever satisfy ${release.version}: "${range}" is not a range of versions such as ">=15".`,
        };
      }
    }
  },
};
