import { compareCodePoints, joined } from '../../core/paths';
import type { Layout } from './layout';
import { projectFileWith, sampleWith } from './listing';
import type { Migration } from '../../core/scripts';
import { appendedSection, newFile } from './pairs';
import { DirectoryReader, isPresent, mapFew } from './reader';
import { directedScripts, isBlankOrComment, linesOf, SectionCutter, wholeScript } from './sections';
import type { DirectedText, DirectiveProblem, Line } from './sections';

const directive = /^\s*--[\s-]*(up|down)\s+migration/i;

/**
 * node-pg-migrate: `<number>_<name>.sql` with `-- Up Migration` and `-- Down Migration`, or `.up.sql` with `.down.sql`. The
 * number is a time in milliseconds, a 17-digit UTC time, or an index; equal numbers run by name. Each direction is sent as
 * one message, all migrations of a run in one transaction. Migrations in JavaScript and TypeScript are reported and left out.
 */
export const nodePgMigrate: Layout = {
  name: 'node-pg-migrate',
  runner: {
    transaction: 'script',
    sends: 'whole',
    hasDowns: true,
    keepsSession: true,
    pendingInOneTransaction: true,
    journal: {
      table: 'pgmigrations',
      create: `CREATE TABLE pgmigrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)`,
    },
  },
  detect(listing) {
    const scripts = listing.files.filter((name) => /^\d+.*\.sql$/.test(name));
    if (scripts.length === 0) return undefined;
    const manifest = projectFileWith(listing, 'package.json', /"node-pg-migrate"\s*:/);
    if (manifest !== undefined) return { confidence: 'marker', reason: `${manifest} depends on node-pg-migrate.` };
    const example = sampleWith(listing, directive);
    if (example === undefined || /\.(up|down)\.sql$/.test(example)) return undefined;
    return { confidence: 'directive', reason: `${example} has a "-- Up Migration" or "-- Down Migration" line of node-pg-migrate.` };
  },
  async read(files, directory) {
    const reader = new DirectoryReader(files, directory);
    const names = (await reader.names()).files.filter((name) => !name.startsWith('.'));
    const read = await mapFew(names, (name) => readMigration(reader, name, names));
    const migrations = read.filter(isPresent).sort((a, b) => orderOf(a.version) - orderOf(b.version) || compareNames(a.id, b.id));
    return { migrations, problems: reader.problems };
  },
  owns: (relativePath) => /^\d+[^/]*\.sql$/.test(relativePath),
  downTemplate: (migration, directory, body) =>
    migration.up.file.endsWith('.up.sql')
      ? newFile(joined(directory, `${migration.id}.down.sql`), body)
      : appendedSection(migration.up, '-- Down Migration', body),
};

async function readMigration(reader: DirectoryReader, name: string, names: readonly string[]): Promise<Migration | undefined> {
  const file = reader.path(name);
  const match = /^(.*?)(?:\.(up|down))?\.(sql|[cm]?[jt]s)$/s.exec(name);
  if (!match || name.endsWith('.d.ts')) return undefined;
  const id = match[1] ?? '';
  const version = /^\d+/.exec(id)?.[0] ?? '';
  if (match[3] !== 'sql') {
    if (version !== '') reader.report('opaque-script', file, `${name} is a migration in code; its effect on the schema is unknown.`);
    return undefined;
  }
  if (match[2] === 'down') {
    if (!names.includes(`${id}.up.sql`)) reader.report('orphan-down', file, `There is no ${id}.up.sql, so this down script never runs.`);
    return undefined;
  }
  if (version === '')
    reader.report('order', file, `node-pg-migrate runs ${name} before all others, because its name does not start with a number.`);
  const text = await reader.text(file);
  if (text === undefined) return undefined;
  // A comment before the first directive is cut off together with the mark.
  if (!/^\s*\S[^]*^\s*--[\s-]*up\s+migration/im.test(text) || directive.test(text))
    await reader.reportMark(file, 'which node-pg-migrate sends to the server');
  const base = { id, version, name: id.slice(version.length).replace(/^[_-]/, ''), verify: undefined, repeatable: false };
  if (match[2] === 'up') {
    const downFile = reader.path(`${id}.down.sql`);
    const down = names.includes(`${id}.down.sql`) ? await reader.text(downFile) : undefined;
    return {
      ...base,
      up: wholeScript(file, 'up', text, { transaction: 'script' }),
      down: down === undefined ? undefined : wholeScript(downFile, 'down', down, { transaction: 'script' }),
    };
  }
  const directed = splitNodePgMigrate(text);
  reader.reportDirected(file, directed);
  return { ...base, ...directedScripts(file, text, directed) };
}

/** What node-pg-migrate sorts by, in milliseconds where the number is a time. */
function orderOf(version: string): number {
  if (version.length !== 17) return Number(version);
  const [, year, month, day, hour, minute, second, ms] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(version) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(time) ? Number(version) : time;
}

function compareNames(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true, ignorePunctuation: true }) || compareCodePoints(a, b);
}

/**
 * Splits a node-pg-migrate file at the first line of each kind; later ones are comments. A file with neither is all up. A
 * file with only a down line runs as a whole when it goes up, the down part too; that is reported.
 */
export function splitNodePgMigrate(text: string): DirectedText {
  const lines = linesOf(text);
  const cutter = new SectionCutter();
  const problems: DirectiveProblem[] = [];
  const first = (which: string) => lines.find((line) => directive.exec(line.text)?.[1]?.toLowerCase() === which);
  const starts = { up: first('up'), down: first('down') };
  const report = (line: Line, message: string) =>
    problems.push({ kind: 'bad-directive', range: { start: line.start, end: line.end }, message });
  if (starts.down && !starts.up)
    report(
      starts.down,
      'Without a "-- Up Migration" line, node-pg-migrate runs the whole file as the up migration, including what follows this line.',
    );

  let direction: 'up' | 'down' | undefined = starts.up ? undefined : 'up';
  for (const line of lines) {
    if (line === starts.up || line === starts.down) {
      direction = line === starts.up ? 'up' : 'down';
      cutter.direct(line);
    } else if (direction === undefined && !isBlankOrComment(line.text)) {
      report(line, 'node-pg-migrate ignores everything before the first "-- Up Migration" or "-- Down Migration" line.');
      cutter.direct(line);
    } else cutter.give(line, direction ?? 'up');
  }
  const all = text === '' ? [] : [{ start: 0, end: text.length }];
  return {
    up: starts.down && !starts.up ? all : cutter.sections('up'),
    down: starts.down ? cutter.sections('down') : undefined,
    directives: cutter.directives,
    terminators: [],
    upTransaction: { transaction: 'script' },
    downTransaction: { transaction: 'script' },
    problems,
  };
}
