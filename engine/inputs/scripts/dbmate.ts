import { compareCodePoints } from '../../core/paths';
import type { Layout } from './layout';
import { sampleWith } from './listing';
import type { Migration } from '../../core/scripts';
import { appendedSection } from './pairs';
import { DirectoryReader, isPresent, mapFew } from './reader';
import { directedScripts, firstLine, isBlankOrComment, linesOf, SectionCutter } from './sections';
import type { DirectedText, DirectiveProblem, Line, TransactionChoice } from './sections';
import { compareNumbers } from './versions';

const directivePattern = /^--\s*migrate:(up|down)(?=\s|$)(.*)$/;

/**
 * dbmate: `<digits>….sql` with `-- migrate:up` and `-- migrate:down`, several pairs of them where wanted. Files run in the
 * order of their names as text. Each section is sent as one message in a transaction of its own, unless its directive
 * says `transaction:false`.
 */
export const dbmate: Layout = {
  name: 'dbmate',
  runner: {
    transaction: 'script',
    sends: 'whole',
    noTransaction: '-- migrate:up transaction:false',
    hasDowns: true,
    keepsSession: true,
    journal: {
      table: 'schema_migrations',
      create: `CREATE TABLE schema_migrations (version varchar PRIMARY KEY)`,
      foundBySearchPath: 'or public',
    },
  },
  detect(listing) {
    const example = sampleWith(listing, /^--\s*migrate:(up|down)(\s|$)/);
    return example === undefined ? undefined : { confidence: 'directive', reason: `${example} has a "-- migrate:" directive of dbmate.` };
  },
  async read(files, directory) {
    const reader = new DirectoryReader(files, directory);
    const { files: names } = await reader.names();
    const read = await mapFew(names, (name) => readMigration(reader, name));
    const migrations = read.filter(isPresent).sort((a, b) => compareCodePoints(a.up.file, b.up.file));
    reader.reportDuplicateVersions(
      migrations,
      (version) => version,
      'dbmate runs only one of them: its journal records each version once.',
    );
    for (const [index, migration] of migrations.entries()) {
      const before = migrations[index - 1];
      if (!before || compareNumbers(before.version, migration.version) <= 0) continue;
      reader.report(
        'order',
        migration.up.file,
        `dbmate sorts names as text, so version ${migration.version} runs after ${before.version}. Give all versions the same number of digits.`,
      );
    }
    return { migrations, problems: reader.problems };
  },
  owns: (relativePath) => /^\d+[^/]*\.sql$/.test(relativePath),
  downTemplate: (migration, _directory, body) => appendedSection(migration.up, '-- migrate:down', body),
  noTransactionEdit(script) {
    const found = linesOf(script.text).flatMap((line) => {
      const [match, direction] = directivePattern.exec(line.text) ?? [];
      return match !== undefined && direction === script.direction ? [line] : [];
    });
    const [line, ...others] = found;
    if (!line || others.length > 0) return undefined;
    const newText = `${line.text.replace(/\s+transaction:true(?=\s|$)/g, '').trimEnd()} transaction:false`;
    return { file: script.file, range: { start: line.start, end: line.end }, newText };
  },
};

async function readMigration(reader: DirectoryReader, name: string): Promise<Migration | undefined> {
  if (!name.endsWith('.sql')) return undefined;
  const match = /^(\d+)_?(.*)\.sql$/s.exec(name);
  const file = reader.path(name);
  if (!match) {
    reader.report('unknown-file', file, `dbmate silently skips ${name}: the name must start with digits.`);
    return undefined;
  }
  const text = await reader.text(file);
  if (text === undefined) return undefined;
  await reader.reportMark(file, 'and dbmate refuses the file');
  const directed = splitDbmate(text);
  reader.reportDirected(file, directed);
  const scripts = directedScripts(file, text, directed);
  return {
    id: name.slice(0, -'.sql'.length),
    version: match[1] ?? '',
    name: match[2] ?? '',
    ...scripts,
    verify: undefined,
    repeatable: false,
  };
}

/**
 * Splits a dbmate file. A directive is a line that starts with `--` and `migrate:up` or `migrate:down`, followed by nothing
 * or by options; only blank lines and comments may stand before the first one.
 */
export function splitDbmate(text: string): DirectedText {
  const cutter = new SectionCutter();
  const problems: DirectiveProblem[] = [];
  const choices: Record<'up' | 'down', TransactionChoice> = { up: { transaction: 'script' }, down: { transaction: 'script' } };
  const seen = { up: false, down: false };
  let direction: 'up' | 'down' | undefined;
  const report = (line: Line, message: string) =>
    problems.push({ kind: 'bad-directive', range: { start: line.start, end: line.end }, message });

  for (const line of linesOf(text)) {
    const directive = directivePattern.exec(line.text);
    if (directive) {
      const next = directive[1] === 'up' ? 'up' : 'down';
      if (next === 'down' && !seen.up) report(line, 'dbmate expects "-- migrate:up" before "-- migrate:down" and refuses the file.');
      const options = optionsOf(directive[2] ?? '');
      for (const option of options.unknown)
        report(line, `dbmate ignores "${option}"; it supports only transaction:true and transaction:false, without a space.`);
      if (options.transaction === 'none') choices[next] = { transaction: 'none', header: { start: line.start, end: line.end } };
      direction = next;
      seen[next] = true;
      cutter.direct(line);
    } else if (direction === undefined && !isBlankOrComment(line.text)) {
      report(line, 'dbmate refuses a file with SQL before the first "-- migrate:up".');
      cutter.direct(line);
    } else {
      if (/^\s*--\s*migrate:/.test(line.text))
        report(
          line,
          'dbmate does not read this as a directive: "-- migrate:up" or "-- migrate:down" was expected at the start of the line.',
        );
      cutter.give(line, direction ?? 'up');
    }
  }
  if (!seen.up && !seen.down) {
    problems.push({ kind: 'bad-directive', range: firstLine(text), message: '"-- migrate:up" is missing; dbmate refuses the file.' });
  }
  return {
    up: cutter.sections('up'),
    down: seen.down ? cutter.sections('down') : undefined,
    directives: cutter.directives,
    terminators: [],
    upTransaction: choices.up,
    downTransaction: choices.down,
    problems,
  };
}

function optionsOf(text: string): { transaction: 'script' | 'none'; unknown: string[] } {
  const options = text.split(/\s+/).filter((option) => option !== '');
  return {
    transaction: options.includes('transaction:false') ? 'none' : 'script',
    unknown: options.filter((option) => option !== 'transaction:false' && option !== 'transaction:true'),
  };
}
