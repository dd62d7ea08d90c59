import { offsetIn } from '../compatibility/queries/release-query';
import type { QueryBreak } from '../compatibility/window/window';
import type { RelatedPlace } from '../core/finding';
import type { Check, StatementContext } from './check';
import { headOf } from './support/evidence';
import { listed } from './support/table-work';

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
    const others = breaks.length > 1 ? ` ${breaks.length - 1} more ${breaks.length === 2 ? 'query fails' : 'queries fail'} as well.` : '';
    yield {
      range: headOf(context.statement),
      message:
        `Release ${listed(releases)}, which may still be running while ${context.migration.release ?? 'this'} is installed, fails from here on: ` +
        `its query ${first.query.name} ${consequence(first)}.${others} ${remedy(context, releases)}`,
      related: breaks.slice(0, shown).map(placeOf),
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
function remedy({ migration, project }: StatementContext, releases: readonly string[]): string {
  const manifest = project.manifest?.manifest;
  const versions = manifest?.releases.map(({ version }) => version) ?? [];
  const window = manifest?.window ?? 0;
  const last = Math.max(...releases.map((each) => versions.indexOf(each)));
  const usedByOwn = project.ownFailures?.some(({ release }) => release === migration.release) ?? false;
  const newest = usedByOwn ? Math.max(last, versions.indexOf(migration.release ?? '')) : last;
  const fine = newest + window + 1;
  const name = versions[newest] ?? '';
  const version = versions[fine];
  if (version !== undefined)
    return `It is fine from release ${version} on: ${name} no longer runs then. Move ${migration.migration.id} there.`;
  const more = fine - versions.length + 1;
  return `It is fine in a release after ${versions.at(-1) ?? name}${more > 1 ? `, the ${ordinal(more)} one` : ''}: ${name} no longer runs then. Move ${migration.migration.id} there.`;
}

function ordinal(number: number): string {
  return ['', 'first', 'second', 'third', 'fourth', 'fifth'][number] ?? `${number}th`;
}
