import type { TextRange } from '../core/text';
import { coveredBy, parseRange, parseVersion, readReleases } from '../versions/releases';
import type { Check } from './check';
import { entryOf, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'risk-unmatched',
  hazards: ['M17'],
  group: 'manifest',
  severity: 'warning',
  summary: 'A risk applies to no way between releases, or nobody can tell to which.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const { sorted: versions } = readReleases(manifest);
    let place = 0;
    for (const risk of manifest.risks) {
      place = entryOf(document, ['risks'], place, 'name', risk.name);
      const at = (key: string): TextRange => document.rangeOf(['risks', place, key]);
      for (const key of ['from', 'to'] as const) {
        const range = parseRange(risk[key]);
        if (!range) {
          const ways = key === 'from' ? 'wherever they come from' : 'wherever they go';
          yield {
            range: at(key),
            message: `The risk ${risk.name} blocks upgrades ${ways}, because nobody can tell which it means: "${risk[key]}" is not a range of versions such as "^1.4.0".`,
          };
        }
        if (range && coveredBy(range, versions).length === 0) {
          yield { range: at(key), message: `The risk ${risk.name} protects nobody: no release of this manifest is in "${risk[key]}".` };
        }
      }
      const fixed = risk.fixedIn === undefined ? undefined : parseVersion(risk.fixedIn);
      const to = parseRange(risk.to);
      const last = to && coveredBy(to, versions).at(-1);
      if (
        fixed &&
        last &&
        versions[last.high]!.compare(fixed) >= 0 &&
        coveredBy(to, versions).every(({ low }) => versions[low]!.compare(fixed) >= 0)
      ) {
        yield {
          range: at('fixedIn'),
          message: `The risk ${risk.name} protects nobody: it is gone in ${risk.fixedIn ?? ''}, before every release of "${risk.to}".`,
        };
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
