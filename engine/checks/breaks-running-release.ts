import { listed } from '../core/wording';
import { offsetIn } from '../compatibility/queries/release-query';
import type { QueryBreak } from '../compatibility/window/window';
import type { Fix, RelatedPlace } from '../core/finding';
import { moveEntry } from '../manifest/editing/lists';
import { referencedId } from '../manifest/schema';
import type { Check, StatementContext } from './check';
import { headOf } from './support/evidence';

/** Queries that one finding shows; more are counted. */
const shown = 5;

export const check: Check = {
  id: 'breaks-running-release',
  hazards: ['M10'],
  group: 'clients',
  severity: 'error',
  summary: 'A query of a release that may still be running fails once this statement has run.',
  *statement(context) {
    const breaks = (context.migration.window?.breaks ?? []).filter(({ statement }) => statement === context.index);
    const [first] = breaks;
    if (!first) return;
    const releases = [...new Set(breaks.map(({ release }) => release))];
    const fine = fineFrom(context, releases);
    const others = breaks.length > 1 ? ` ${breaks.length - 1} more ${breaks.length === 2 ? 'query fails' : 'queries fail'} as well.` : '';
    yield {
      range: headOf(context.statement),
      message:
        `Release ${listed(releases)}, which may still be running while ${context.migration.release ?? 'this'} is installed, fails from here on: ` +
        `its query ${first.query.name} ${consequence(first)}.${others} ${remedy(context, fine)}`,
      related: breaks.slice(0, shown).map(placeOf),
      fixes: moveFixes(context, fine.version),
    };
  },
};

function consequence({ kind, error, difference }: QueryBreak): string {
  if (kind === 'shape') return difference ?? '';
  const why = [error?.message, error?.detail].filter((each) => each !== undefined).join(': ');
  return kind === 'write' ? `is refused when it writes (${why})` : `is refused (${why})`;
}

function placeOf(broken: QueryBreak): RelatedPlace {
  const { query, release, error } = broken;
  const start = error?.offset === undefined || broken.kind !== 'prepare' ? query.range.start : offsetIn(query, error.offset);
  const range = start > query.range.start && start < query.range.end ? { start, end: query.range.end } : query.range;
  return { file: query.file, range, message: `${query.name} of release ${release} ${consequence(broken)}.` };
}

/** From which release on nobody is left whom the statement breaks. */
function fineFrom({ migration, project }: StatementContext, releases: readonly string[]) {
  const manifest = project.manifest?.manifest;
  const versions = manifest?.releases.map(({ version }) => version) ?? [];
  const last = Math.max(...releases.map((each) => versions.indexOf(each)));
  const usedByOwn = project.ownFailures?.some(({ release }) => release === migration.release) ?? false;
  const newest = usedByOwn ? Math.max(last, versions.indexOf(migration.release ?? '')) : last;
  const place = newest + (manifest?.window ?? 0) + 1;
  return { newest: versions[newest] ?? '', version: versions[place], missing: place - versions.length + 1, last: versions.at(-1) ?? '' };
}

function remedy(context: StatementContext, { newest, version, missing, last }: ReturnType<typeof fineFrom>): string {
  const move = `${newest} no longer runs then. Move ${context.migration.migration.id} there.`;
  if (version !== undefined) return `It is fine from release ${version} on: ${move}`;
  return `It is fine in a release after ${last}${missing > 1 ? `, the ${ordinal(missing)} one` : ''}: ${move}`;
}

function moveFixes({ migration, project }: StatementContext, version: string | undefined): Fix[] {
  const document = project.manifest;
  const releases = document?.manifest?.releases;
  if (!document || !releases || version === undefined) return [];
  const id = migration.migration.id;
  const from = releases.findIndex((release) => release.version === migration.release);
  const index = releases[from]?.migrations.findIndex((reference) => referencedId(reference) === id) ?? -1;
  const to = releases.findIndex((release) => release.version === version);
  const list = (release: number) => ['releases', document.releaseIndexes[release] ?? release, 'migrations'];
  const edits = index < 0 || to < 0 ? undefined : moveEntry(document, list(from), index, list(to));
  return edits ? [{ title: `Move ${id} to release ${version}`, edits }] : [];
}

function ordinal(number: number): string {
  return ['', 'first', 'second', 'third', 'fourth', 'fifth'][number] ?? `${number}th`;
}
