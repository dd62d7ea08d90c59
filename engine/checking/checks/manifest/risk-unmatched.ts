import type { TextRange } from '../../../core/text';
import { coveredBy, readReleases } from '../../../inputs/releases/releases';
import { parseRange, parseVersion } from '../../../core/versions';
import type { Check } from '../check';
import { entryOf, usableManifest } from '../support/manifest-places';
import { firstFitting } from '../support/headline';

export const check: Check = {
  id: 'risk-unmatched',
  hazards: ['M17'],
  severity: 'warning',
  summary: 'Declares a risk that matches no upgrade, or whose ranges cannot be read.',
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
          const ways = key === 'from' ? 'from every release' : 'to every release';
          yield {
            range: at(key),
            message: firstFitting([
              `Risk ${risk.name} blocks upgrades ${ways}: "${risk[key]}" is not a version range`,
              `Risk ${risk.name} blocks upgrades ${ways}: \`${key}\` is not a version range`,
            ]),
            advice: 'Write a range such as "^1.4.0".',
          };
        }
        if (range && coveredBy(range, versions).length === 0) {
          yield {
            range: at(key),
            message: firstFitting([
              `Risk ${risk.name} has no effect: no release matches "${risk[key]}"`,
              `Risk ${risk.name} has no effect: no release matches \`${key}\``,
            ]),
            advice: 'Correct the range.',
          };
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
          message: firstFitting([
            `Risk ${risk.name} has no effect: it is fixed in ${risk.fixedIn ?? ''}, before every release of "${risk.to}"`,
            `Risk ${risk.name} has no effect: it is fixed before every release in \`to\``,
          ]),
          advice: 'Correct `fixedIn` or `to`.',
        };
      }
      if (risk.fixedIn !== undefined && !parseVersion(risk.fixedIn)) {
        yield {
          range: at('fixedIn'),
          message: `Risk ${risk.name} is never fixed: "${risk.fixedIn}" is not a semantic version`,
          advice: 'Write MAJOR.MINOR.PATCH.',
        };
      }
      place++;
    }
  },
};
