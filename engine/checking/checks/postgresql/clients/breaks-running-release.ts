import { listed, sentences, shortened } from '../../../../core/wording';
import { offsetIn } from '../../../compatibility/queries/release-query';
import type { QueryBreak } from '../../../compatibility/window/window';
import type { Fix, RelatedPlace } from '../../../../core/finding';
import { moveEntry } from '../../../../inputs/manifest/editing/lists';
import { referencedId } from '../../../../inputs/manifest/schema';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import type { DatabaseError } from '../../../../databases/observation';
import { headOf } from '../support/evidence';

/** Queries that one finding shows; more are counted. */
const shown = 5;
/** Longest message of the server that the headline quotes in full. */
const longestWords = 44;

export const check: Check = {
  id: 'breaks-running-release',
  hazards: ['M10'],
  severity: 'error',
  summary: 'Breaks a query of a release that may still be running.',
  *statement(context) {
    const breaks = (context.migration.window?.breaks ?? []).filter(({ statement }) => statement === context.index);
    const [first] = breaks;
    if (!first) return;
    const releases = [...new Set(breaks.map(({ release }) => release))];
    const fine = fineFrom(context, releases);
    const installed = context.migration.release ?? 'the migration';
    const stillRun = `${listed(releases)} may still run while ${installed} is installed.`;
    const others = breaks.length > 1 ? `${breaks.length - 1} more ${breaks.length === 2 ? 'query fails' : 'queries fail'}.` : undefined;
    yield {
      range: headOf(context.statement),
      message: `${nameOf(first)} ${consequence(first, longestWords)}`,
      details: sentences(stillRun, others, first.error && causeOf(first.error)),
      advice: remedy(context, fine),
      related: breaks.slice(0, shown).map(placeOf),
      fixes: moveFixes(context, fine.version),
    };
  },
};

function nameOf({ query, release }: QueryBreak): string {
  return `${query.name} of ${release}`;
}

/** What becomes of the query, with at most `length` characters of what the server says. */
function consequence({ kind, error, difference }: QueryBreak, length = Infinity): string {
  if (kind === 'shape') return difference ?? '';
  const why = error ? `: ${shortened(briefly(error), length)} (${error.sqlstate})` : '';
  return kind === 'write' ? `fails to write${why}` : `fails${why}`;
}

/** The server's message without the table of a column, which the details name. */
function briefly({ message }: DatabaseError): string {
  return message.replace(/(?<=column "[^"]*") of relation "[^"]*"(?: violates not-null constraint)?/, '');
}

/** The server's message where the headline does not quote all of it, and its detail. */
function causeOf(error: DatabaseError): string | undefined {
  const isQuoted = briefly(error) === error.message && error.message.length <= longestWords;
  return sentences(isQuoted ? undefined : `PostgreSQL says: ${ended(error.message)}`, error.detail && ended(error.detail));
}

function ended(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

function placeOf(broken: QueryBreak): RelatedPlace {
  const { query, error } = broken;
  const start = error?.offset === undefined || broken.kind !== 'prepare' ? query.range.start : offsetIn(query, error.offset);
  const range = start > query.range.start && start < query.range.end ? { start, end: query.range.end } : query.range;
  return { file: query.file, range, message: `${nameOf(broken)} ${consequence(broken)}.` };
}

/** The release from which on the statement breaks no running release. */
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
  const target =
    version !== undefined ? `release ${version}` : `${missing > 1 ? `the ${ordinal(missing)}` : 'the first'} release after ${last}`;
  return `Move ${context.migration.migration.id} to ${target} or later: ${newest} no longer runs then.`;
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
