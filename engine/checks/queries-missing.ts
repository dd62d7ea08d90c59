import { queryPathsOf } from '../manifest/schema';
import type { Check } from './check';
import { releasePath, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'queries-missing',
  hazards: ['M12'],
  group: 'manifest',
  severity: 'warning',
  summary: 'A release names queries that are not there, so nothing says whether what it sends goes on working.',
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
          message: `Nothing is known of what ${release.version} sends to the database: there is no file or folder ${path}. Correct the path, or write the queries to a file with \`mem8-upgrade queries <code> --out <file>\`.`,
        };
      }
      if (paths.length > 0 && found.missing.length === 0 && found.queries.length + found.unusable.length === 0) {
        yield {
          range: document.rangeOf(list),
          message: `Nothing is known of what ${release.version} sends to the database: no query was found in ${paths.join(', ')}. Name the folder with the SQL or with the code that holds it.`,
        };
      }
    }
  },
};
