import { coveredBy, parseRange, parseVersion, readReleases } from '../versions/releases';
import type { Check } from './check';
import { entryOf, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'risk-incomplete',
  hazards: ['M17'],
  group: 'manifest',
  severity: 'warning',
  summary: 'A risk does not say when it is gone or where to read about it, or it blocks every way.',
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
        const extent = coversAll(from)
          ? 'every upgrade is blocked by it'
          : `every upgrade from "${from}" is blocked by it, wherever it goes`;
        yield {
          range: document.rangeOf([...path, 'to']),
          message: `People learn to accept the risk ${name} unread, because ${extent}: "${to}" covers every release. Name the releases that have it, or the one that ends it in \`fixedIn\`.`,
        };
      } else if (fixedIn === undefined && url === undefined) {
        yield {
          range: document.rangeOf([...path, 'name']),
          severity: 'info',
          message: `Who meets the risk ${name} cannot find out how to get around it: it has neither \`fixedIn\`, the release that ends it, nor a \`url\` to read more.`,
        };
      }
    }
  },
};
