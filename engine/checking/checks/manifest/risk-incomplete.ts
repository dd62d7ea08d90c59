import { coveredBy, readReleases } from '../../../inputs/releases/releases';
import { parseRange, parseVersion } from '../../../core/versions';
import type { Check } from '../check';
import { entryOf, usableManifest } from '../support/manifest-places';
import { firstFitting } from '../support/headline';

export const check: Check = {
  id: 'risk-incomplete',
  hazards: ['M17'],
  severity: 'warning',
  summary: 'Declares a risk without `fixedIn` and `url`, or one that blocks every upgrade.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const { sorted: versions } = readReleases(manifest);
    const coversAll = (text: string): boolean => {
      const range = parseRange(text);
      const [first, ...rest] = range ? coveredBy(range, versions) : [];
      return versions.length > 1 && rest.length === 0 && first?.low === 0 && first.high === versions.length - 1;
    };
    let place = 0;
    for (const { name, from, to, url, fixedIn } of manifest.risks) {
      place = entryOf(document, ['risks'], place, 'name', name);
      const path = ['risks', place++];
      const isFixed = fixedIn !== undefined && parseVersion(fixedIn) !== undefined;
      if (coversAll(to) && !isFixed) {
        yield {
          range: document.rangeOf([...path, 'to']),
          message: firstFitting([
            `Risk ${name} blocks every upgrade${coversAll(from) ? '' : ` from "${from}"`}: "${to}" matches every release`,
            `Risk ${name} blocks every upgrade${coversAll(from) ? '' : ' that matches `from`'}: \`to\` matches every release`,
          ]),
          details: 'Operators accept a risk on every upgrade without reading it.',
          advice: 'List the affected releases, or set `fixedIn` to the release that fixes it.',
        };
      } else if (fixedIn === undefined && url === undefined) {
        yield {
          range: document.rangeOf([...path, 'name']),
          severity: 'info',
          message: `Risk ${name} does not say how to avoid it: \`fixedIn\` and \`url\` are missing`,
          advice: 'Add the release that fixes it as `fixedIn`, or a `url` with more information.',
        };
      }
    }
  },
};
