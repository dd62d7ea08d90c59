import { compareCodePoints } from '../../core/paths';
import type { Layout } from './layout';
import { compareWithSum } from './atlas-sum';
import { sampleWith } from './listing';
import type { TextEdit } from '../../core/finding';
import type { Migration, Script } from '../../core/scripts';
import { DirectoryReader, isPresent, mapFew } from './reader';
import { directedScripts, isBlankOrComment, lineAtStart, linesOf, SectionCutter } from './sections';
import type { DirectedText, DirectiveProblem, Line, TransactionChoice } from './sections';

const noTransaction = '-- atlas:txmode none';

/**
 * Atlas: `<version>[_<name>].sql` in the order of the names as text, with `atlas.sum`. Each statement is sent alone, in one
 * transaction for the file, unless a directive in the file's head says `-- atlas:txmode none`. Downs are computed by Atlas;
 * only a file in txtar form (`-- atlas:txtar`) can hold one.
 * A checkpoint (`-- atlas:checkpoint`) repeats the files before it for new databases; it is left out while there are files
 * before it, because those are what existing databases have run.
 * Directories of other tools' files with an `atlas.sum` are read as those tools' files.
 */
export const atlas: Layout = {
  name: 'atlas',
  runner: {
    transaction: 'script',
    sends: 'statements',
    noTransaction,
    hasDowns: false,
    journal: {
      table: 'atlas_schema_revisions',
      create: `CREATE SCHEMA atlas_schema_revisions; CREATE TABLE atlas_schema_revisions.atlas_schema_revisions (version varchar PRIMARY KEY, description varchar NOT NULL, type bigint NOT NULL DEFAULT 2, applied bigint NOT NULL DEFAULT 0, total bigint NOT NULL DEFAULT 0, executed_at timestamptz NOT NULL, execution_time bigint NOT NULL, error text, error_stmt text, hash varchar NOT NULL, partial_hashes jsonb, operator_version varchar NOT NULL)`,
    },
  },
  detect(listing) {
    if (!listing.files.includes('atlas.sum')) return undefined;
    const foreign =
      listing.files.some((name) => /\.(up|down)\.sql$/.test(name) || /^[VURB]\d*.*__.*\.sql$/.test(name)) ||
      sampleWith(listing, /^--\s*(\+goose\s|migrate:(up|down)|liquibase\s|changeset\s)/i) !== undefined;
    return foreign ? undefined : { confidence: 'marker', reason: 'atlas.sum is written by Atlas.' };
  },
  async read(files, directory) {
    const reader = new DirectoryReader(files, directory);
    const { files: names } = await reader.names();
    const sorted = names.filter((name) => name.endsWith('.sql')).sort(compareCodePoints);
    const read = (await mapFew(sorted, (name) => readMigration(reader, name))).filter(isPresent);
    const migrations = read
      .filter((entry, index) => !entry.checkpoint || read.slice(0, index).every((before) => before.checkpoint))
      .map((entry) => entry.migration);
    if (names.includes('atlas.sum')) await reportSum(reader, read, sorted.length);
    reader.reportDuplicateVersions(migrations, (version) => version, 'Atlas tells migrations apart by their version alone.');
    return { migrations, problems: reader.problems };
  },
  owns: (relativePath) => /^[^/]+\.sql$/.test(relativePath),
  downTemplate: () => undefined,
  noTransactionEdit: (script) => writeTxmode(script, noTransaction),
};

/** Reports where the directory differs from its sum; a directory with a script that cannot be read has a problem of its own. */
async function reportSum(reader: DirectoryReader, read: readonly { readonly migration: Migration }[], expected: number): Promise<void> {
  const sumFile = reader.path('atlas.sum');
  const sum = await reader.text(sumFile);
  if (sum === undefined || read.length !== expected) return;
  const files = read.map(({ migration }) => ({ name: `${migration.id}.sql`, text: migration.up.text }));
  const problem = compareWithSum(sum, files);
  if (!problem) return;
  const { kind, name } = problem;
  const place = sum.indexOf(name);
  const range = { start: Math.max(0, place), end: place < 0 ? 0 : place + name.length };
  const refuses = 'Atlas refuses to run the directory';
  if (kind === 'added')
    return reader.report('checksum', reader.path(name), `${refuses}: ${name} is not in atlas.sum. Update the sum with: atlas migrate hash`);
  if (kind === 'removed')
    return reader.report('checksum', sumFile, `${refuses}: ${name} is in atlas.sum, but not in the directory.`, range);
  const why = `${name} was changed, or a migration was inserted before it, after atlas.sum was written`;
  return reader.report(
    'checksum',
    reader.path(name),
    `${refuses}: ${why}. If a database has run it, revert the change and write a new migration; otherwise update the sum with: atlas migrate hash`,
    { start: 0, end: 0 },
    [{ file: sumFile, range, message: 'What it was.' }],
  );
}

async function readMigration(reader: DirectoryReader, name: string): Promise<{ migration: Migration; checkpoint: boolean } | undefined> {
  const file = reader.path(name);
  const text = await reader.text(file);
  if (text === undefined) return undefined;
  await reader.reportMark(file, 'which Atlas sends to the server');
  const directed = splitAtlas(text);
  reader.reportDirected(file, directed);
  const id = name.slice(0, -'.sql'.length);
  const [version = '', ...rest] = id.split('_');
  const migration = { id, version, name: rest.join('_'), ...directedScripts(file, text, directed), verify: undefined, repeatable: false };
  return { migration, checkpoint: directed.checkpoint };
}

/** Splits an Atlas file: all of it is up, unless it is in txtar form, where `-- migration.sql --` and `-- down.sql --` are. */
export function splitAtlas(text: string): DirectedText & { readonly checkpoint: boolean } {
  const lines = linesOf(text);
  const cutter = new SectionCutter();
  const head = readHead(lines);
  let section = head.txtar ? 'head' : 'migration.sql';
  let hasDown = false;
  for (const line of lines) {
    const title = head.txtar ? /^-- (\S.*) --\s*$/.exec(line.text)?.[1] : undefined;
    if (title !== undefined) section = title;
    hasDown ||= title === 'down.sql';
    if (title !== undefined || isOutside(section, line)) cutter.direct(line);
    else cutter.give(line, section === 'down.sql' ? 'down' : 'up');
  }
  return {
    up: cutter.sections('up'),
    down: hasDown ? cutter.sections('down') : undefined,
    directives: cutter.directives,
    terminators: [],
    upTransaction: head.choice,
    downTransaction: head.choice,
    problems: head.problems,
    checkpoint: head.checkpoint,
  };
}

/** Sections other than the two, `checks.sql` above all, are queries that Atlas asks before the migration. */
function isOutside(section: string, line: Line): boolean {
  if (section === 'head') return !isBlankOrComment(line.text);
  return section !== 'migration.sql' && section !== 'down.sql';
}

interface Head {
  readonly choice: TransactionChoice;
  readonly checkpoint: boolean;
  readonly txtar: boolean;
  readonly problems: readonly DirectiveProblem[];
}

/** Writes the directive into the head of the file, and makes a head where there is none. In txtar form it holds for a down too. */
function writeTxmode(script: Script, directive: string): TextEdit | undefined {
  const { head, separated } = headOf(linesOf(script.text));
  const isHead = separated && head.length > 0;
  if (isHead && head.some(({ text }) => directiveOf(text)?.name === 'txtar')) return undefined;
  const present = isHead ? head.find(({ text }) => directiveOf(text)?.name === 'txmode') : undefined;
  if (present) return { file: script.file, range: { start: present.start, end: present.end }, newText: directive };
  return lineAtStart(script, isHead ? directive : `${directive}${script.text.includes('\r\n') ? '\r\n' : '\n'}`);
}

/** The comments at the very start, and whether a blank line separates them from what follows. */
function headOf(lines: readonly Line[]): { head: readonly Line[]; separated: boolean } {
  const length = lines.findIndex((line) => !/^(--|#)/.test(line.text));
  return length < 0 ? { head: lines, separated: true } : { head: lines.slice(0, length), separated: lines[length]?.text === '' };
}

function directiveOf(line: string): { name: string; value: string | undefined } | undefined {
  const match = /^[ -~]*?atlas:(\w+)(?: +(.*\S))?\s*$/.exec(line);
  return match ? { name: match[1] ?? '', value: match[2] } : undefined;
}

/** Atlas reads file directives only from comments at the very start that a blank line separates from the first statement. */
function readHead(lines: readonly Line[]): Head {
  const { head, separated } = headOf(lines);
  let choice: TransactionChoice = { transaction: 'script' };
  const problems: DirectiveProblem[] = [];
  const names = new Set<string>();
  for (const line of head) {
    const directive = directiveOf(line.text);
    if (!directive) continue;
    const range = { start: line.start, end: line.end };
    names.add(directive.name);
    if (directive.name !== 'txmode') continue;
    if (!separated)
      problems.push({
        kind: 'bad-directive',
        range,
        message: 'Atlas ignores this directive: a blank line must separate it from the first statement.',
      });
    else if (directive.value === 'none') choice = { transaction: 'none', header: range };
    else if (directive.value !== 'file' && directive.value !== 'all')
      problems.push({ kind: 'bad-directive', range, message: 'Atlas supports txmode none, file and all.' });
  }
  return { choice, checkpoint: separated && names.has('checkpoint'), txtar: names.has('txtar'), problems };
}
