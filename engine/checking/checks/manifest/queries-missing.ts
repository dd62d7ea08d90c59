import { listedBriefly } from '../../../core/wording';
import { queryPathsOf } from '../../../inputs/manifest/schema';
import type { Check } from '../check';
import { releasePath, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'queries-missing',
  hazards: ['M12'],
  severity: 'warning',
  summary: 'Names queries that do not exist, so migrations that break the release are not found.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    for (const [index, release] of manifest.releases.entries()) {
      const found = context.queries?.find((each) => each.release === release.version);
      if (!found) continue;
      const list = releasePath(document, index, 'queries');
      const paths = queryPathsOf(release);
      for (const [place, path] of paths.entries()) {
        if (!found.missing.includes(path)) continue;
        yield {
          range: document.rangeOf(typeof release.queries === 'string' ? list : [...list, place]),
          message: `${release.version} names queries in ${path}, which does not exist`,
          details: untested(release.version),
          advice: 'Correct the path, or write the queries to a file with `mem8-upgrade queries <code> --out <file>`.',
        };
      }
      if (paths.length > 0 && found.missing.length === 0 && found.queries.length + found.unusable.length === 0) {
        yield {
          range: document.rangeOf(list),
          message: `${release.version} names queries in ${listedBriefly(paths)}, but none were found there`,
          details: untested(release.version),
          advice: 'Name the folder that contains the SQL, or the code with the SQL in it.',
        };
      }
    }
  },
};

function untested(release: string): string {
  return `Without the queries, a migration that breaks ${release} looks safe.`;
}
