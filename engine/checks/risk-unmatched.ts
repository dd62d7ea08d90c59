import type { TextRange } from '../core/text';
import { coveredBy, parseRange, parseVersion, readReleases } from '../versions/releases';
import type { Check } from './check';
import { entryOf, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'risk-unmatched',
  hazards: ['M17'],
  group: 'manifest',
  severity: 'warning',
  summary: 'A risk applies to no way between releases, so it protects nobody.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const versions = readReleases(manifest)
      .nodes.map((node) => node.semver)
      .sort((a, b) => a.compare(b));
    let place = 0;
    for (const risk of manifest.risks) {
      place = entryOf(document, ['risks'], place, 'name', risk.name);
      const at = (key: string): TextRange => document.rangeOf(['risks', place, key]);
      for (const key of ['from', 'to'] as const) {
        const range = parseRange(risk[key]);
        if (!range) yield { range: at(key), message: `The risk ${risk.name} protects nobody: "${risk[key]}" is not a range of versions.` };
        else if (coveredBy(range, versions).length === 0) {
          yield { range: at(key), message: `The risk ${risk.name} protects nobody: no release of this manifest is in "${risk[key]}".` };
        }
      }
      if (risk.fixedIn !== undefined && !parseVersion(risk.fixedIn)) {
        yield {
          range: at('fixedIn'),
          message: `The risk ${risk.name} is never gone: ${risk.fixedIn} is not a semantic version (MAJOR.MINOR.PATCH).`,
        };
      }
      place++;
    }
  },
};
