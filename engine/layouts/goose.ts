import type { Layout } from './layout';
import { sampleWith } from './listing';
import type { Migration } from './migration';
import { appendedSection } from './pairs';
import { DirectoryReader, isPresent, mapFew } from './reader';
import type { TextRange } from '../core/text';
import { splitStatements } from '../sql/splitter';
import { directedScripts, firstLine, isBlankOrComment, lineAtStart, linesOf, maskOutside, SectionCutter } from './sections';
import type { DirectedText, DirectiveProblem, Line, TransactionChoice } from './sections';
import { compareNumbers, largestInt64, numberKey } from './versions';

const noTransaction = '-- +goose NO TRANSACTION';
const directives = ['UP', 'DOWN', 'STATEMENTBEGIN', 'STATEMENTEND', 'NO TRANSACTION', 'ENVSUB ON', 'ENVSUB OFF'] as const;
type Directive = (typeof directives)[number];

/**
 * goose: `<version>_<name>.sql` with `-- +goose Up` and `-- +goose Down` in one file, version 1 or higher. Each statement is
 * sent alone, in one transaction for the migration, unless the file says `-- +goose NO TRANSACTION`. Migrations in Go
 * (`.go`) stand between the others but cannot be read; they are reported and left out.
 */
export const goose: Layout = {
  name: 'goose',
  runner: { transaction: 'script', sends: 'statements', noTransaction, hasDowns: true },
  detect(listing) {
    const example = sampleWith(listing, /^--\s*\+goose\s*(up|down)\s*$/i);
    return example === undefined ? undefined : { confidence: 'directive', reason: `${example} has a "-- +goose" directive.` };
  },
  async read(files, directory) {
    const reader = new DirectoryReader(files, directory);
    const { files: names } = await reader.names();
    const read = await mapFew(names, (name) => readMigration(reader, name));
    const migrations = read.filter(isPresent).sort((a, b) => compareNumbers(a.version, b.version));
    reader.reportDuplicateVersions(migrations, numberKey, 'goose refuses to start until one of them gets another version.');
    return { migrations, problems: reader.problems };
  },
  owns: (relativePath) => /^\d+_[^/]*\.sql$/.test(relativePath),
  downTemplate: (migration, _directory, body) => appendedSection(migration.up, '-- +goose Down', body),
  noTransactionEdit(script) {
    const { up, down = [] } = splitGoose(script.text);
    const other = script.direction === 'up' ? down : up;
    const losesTransaction = splitStatements(maskOutside(script.text, other)).length > 1;
    return losesTransaction ? undefined : lineAtStart(script, noTransaction);
  },
};

async function readMigration(reader: DirectoryReader, name: string): Promise<Migration | undefined> {
  const match = /^(\d+)_(.*)\.(sql|go)$/s.exec(name);
  const version = match?.[1] ?? '0';
  const file = reader.path(name);
  if (!match || BigInt(version) < 1n || BigInt(version) > largestInt64) {
    if (name.endsWith('.sql'))
      reader.report('unknown-file', file, `goose cannot order ${name}: a number from 1 up and "_" were expected at its start.`);
    return undefined;
  }
  if (match[3] === 'go') {
    if (!name.endsWith('_test.go'))
      reader.report('opaque-script', file, `${name} is a migration in Go: what it does to the schema is not known here.`);
    return undefined;
  }
  const text = await reader.text(file);
  if (text === undefined) return undefined;
  const directed = splitGoose(text);
  reader.reportDirected(file, directed);
  const scripts = directedScripts(file, text, directed);
  return { id: `${version}_${match[2]}`, version, name: match[2] ?? '', ...scripts, verify: undefined, repeatable: false };
}

/**
 * Splits a goose file as goose's own line parser does: a line that starts with `--` and holds `+goose` is a directive,
 * wherever it stands, in a dollar quote too, and must be one that goose knows. A block from StatementBegin to StatementEnd is one statement;
 * elsewhere a statement ends where a line ends in a semicolon.
 */
export function splitGoose(text: string): DirectedText {
  return new GooseSplitter(text).split();
}

class GooseSplitter {
  readonly #cutter = new SectionCutter();
  readonly #problems: DirectiveProblem[] = [];
  readonly #terminators: number[] = [];
  #direction: 'up' | 'down' | undefined;
  #hasDown = false;
  #choice: TransactionChoice = { transaction: 'script' };
  #block: Line | undefined;
  readonly #blocks: TextRange[] = [];
  /** First line of a statement outside of a block that has no semicolon yet. */
  #open: Line | undefined;
  /** In a block: whether its last line so far ended in a semicolon. */
  #closed = false;

  constructor(readonly text: string) {}

  split(): DirectedText {
    for (const line of linesOf(this.text)) this.#line(line);
    if (this.#block) this.#report(this.#block, '"-- +goose StatementBegin" has no "-- +goose StatementEnd"; goose refuses the file.');
    else this.#reportOpen('the end of the file');
    for (const direction of ['up', 'down'] as const) this.#reportCuts(direction);
    if (this.#direction === undefined) this.#report(firstLine(this.text), '"-- +goose Up" is missing; goose refuses the file.');
    return {
      up: this.#cutter.sections('up'),
      down: this.#hasDown ? this.#cutter.sections('down') : undefined,
      directives: this.#cutter.directives,
      terminators: this.#terminators,
      upTransaction: this.#choice,
      downTransaction: this.#choice,
      problems: this.#problems,
    };
  }

  #line(line: Line): void {
    const directive = this.#directiveOf(line);
    if (directive === 'UP' || directive === 'DOWN') this.#turn(line, directive);
    else if (directive === 'STATEMENTEND') this.#endBlock(line);
    else {
      if (directive === 'STATEMENTBEGIN') this.#beginBlock(line);
      if (directive === 'NO TRANSACTION') this.#choice = { transaction: 'none', header: { start: line.start, end: line.end } };
      this.#content(line);
    }
  }

  #directiveOf(line: Line): Directive | undefined {
    if (!/^\s*--.*\+goose/.test(line.text)) return undefined;
    if (/^\s/.test(line.text)) {
      this.#report(line, 'goose refuses a directive with white space before it.');
      return undefined;
    }
    const words = line.text.replaceAll('--', '').replace('+goose', '').trim();
    const directive = directives.find((known) => known === words.toUpperCase());
    if (!directive) {
      this.#report(
        line,
        `goose refuses every other comment with "+goose" in it than Up, Down, StatementBegin, StatementEnd, NO TRANSACTION, ENVSUB ON and ENVSUB OFF; this one says "${words}".`,
      );
    }
    return directive;
  }

  #turn(line: Line, directive: 'UP' | 'DOWN'): void {
    const target = directive === 'UP' ? 'up' : 'down';
    if (this.#block) this.#report(this.#block, '"-- +goose StatementBegin" has no "-- +goose StatementEnd"; goose refuses the file.');
    else this.#reportOpen(`"-- +goose ${target === 'up' ? 'Up' : 'Down'}"`);
    if (target === 'up' && this.#direction !== undefined)
      this.#report(line, 'A goose file may have "-- +goose Up" only once, before "-- +goose Down".');
    if (target === 'down' && this.#direction !== 'up')
      this.#report(line, 'A goose file may have "-- +goose Down" only once, after "-- +goose Up".');
    this.#direction = target;
    this.#hasDown ||= target === 'down';
    this.#block = undefined;
    this.#open = undefined;
    this.#cutter.direct(line);
  }

  #beginBlock(line: Line): void {
    if (this.#direction === undefined || this.#block)
      this.#report(line, '"-- +goose StatementBegin" must follow "-- +goose Up" or "-- +goose Down", not another block.');
    this.#reportOpen('"-- +goose StatementBegin"');
    this.#open = undefined;
    this.#block = line;
    this.#closed = true;
  }

  #endBlock(line: Line): void {
    if (!this.#block) this.#report(line, '"-- +goose StatementEnd" has no "-- +goose StatementBegin" before it.');
    else if (!this.#closed) this.#terminators.push(line.start);
    if (this.#block) this.#blocks.push({ start: this.#block.start, end: line.start });
    this.#block = undefined;
    this.#cutter.direct(line);
  }

  /** Reports statements that goose cuts in two, because a line inside of them ends in a semicolon. */
  #reportCuts(direction: 'up' | 'down'): void {
    const sql = maskOutside(this.text, this.#cutter.sections(direction));
    for (const statement of splitStatements(sql)) {
      if (this.#blocks.some((block) => block.start <= statement.start && statement.start < block.end)) continue;
      const lines = linesOf(statement.text).slice(0, -1);
      const cut = lines.find((line) => endsStatement(line.text));
      if (!cut) continue;
      const range = { start: statement.start + cut.start, end: statement.start + cut.end };
      this.#report(
        range,
        'goose ends the statement at the semicolon of this line, inside of it. Put "-- +goose StatementBegin" before and "-- +goose StatementEnd" after the statement.',
      );
    }
  }

  #content(line: Line): void {
    const quiet = isBlankOrComment(line.text);
    if (this.#direction === undefined && !quiet) {
      this.#report(line, 'goose refuses a file with SQL before "-- +goose Up".');
      this.#cutter.direct(line);
      return;
    }
    this.#cutter.give(line, this.#direction ?? 'up');
    if (quiet) return;
    const ends = endsStatement(line.text);
    if (this.#block) this.#closed = ends;
    else this.#open = ends ? undefined : (this.#open ?? line);
  }

  #reportOpen(before: string): void {
    if (this.#open)
      this.#report(this.#open, `This statement has no semicolon at the end of a line before ${before}; goose refuses the file.`);
  }

  #report(range: TextRange, message: string): void {
    this.#problems.push({ kind: 'bad-directive', range: { start: range.start, end: range.end }, message });
  }
}

/** Whether goose sees the end of a statement on the line: the last word before a `--` ends in a semicolon. */
function endsStatement(line: string): boolean {
  const words = line.split(/\s+/);
  const comment = words.findIndex((word) => word.startsWith('--'));
  const code = (comment < 0 ? words : words.slice(0, comment)).filter((word) => word !== '');
  return code.at(-1)?.endsWith(';') ?? false;
}
