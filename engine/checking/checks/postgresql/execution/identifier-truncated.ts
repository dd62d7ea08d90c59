import type { Fix } from '../../../../core/finding';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { ProjectContext, ScriptContext, StatementContext } from '../../../context/context';
import { headOf } from '../support/evidence';
import { statementContexts } from '../../../context/statement-contexts';
import { innerContexts } from '../support/inner-contexts';
import { nameOf, type Token, tokensOf } from '../support/statement-tokens';

/** Longest identifier in bytes: NAMEDATALEN - 1. */
const longestName = 63;

export const check: Check = {
  id: 'identifier-truncated',
  hazards: ['P55'],
  severity: 'warning',
  looksInside: true,
  summary: 'Uses a name longer than 63 bytes, which PostgreSQL truncates without an error.',
  looksAhead: true,
  *statement(context) {
    for (const token of longNamesIn(context.statement)) {
      const names = longNamesOf(context.project);
      const name = nameOf(token) ?? '';
      const known = names.get(name);
      if (!known || known.file !== context.script.script.file || known.start !== token.start) continue;
      const cut = truncated(name);
      const twin = [...names.values()].find(
        (other) => other.name !== name && truncated(other.name) === cut && isBefore(names, other.name, name),
      );
      yield {
        range: { start: token.start, end: token.end },
        severity: twin ? 'error' : 'info',
        ...(twin
          ? {
              message: `PostgreSQL truncates this name and ${twin.name} to the same name`,
              details: `Both become ${cut}. PostgreSQL refuses the second one or takes it for the first.`,
              advice: 'Shorten one of the names.',
            }
          : {
              message: `PostgreSQL truncates this name of ${byteLength(name)} bytes to ${longestName} bytes`,
              details: `The database contains ${cut}. Applications and tools that look for the full name do not find it.`,
              advice: 'Shorten the name.',
            }),
        related: twin ? [{ file: twin.file, range: headOf(twin.statement), message: `Uses ${twin.name}.` }] : [],
        fixes: [shorten(context, name, twin ? unusedName(names, name) : cut)],
      };
    }
  },
};

/** The first place where a long name stands in the project. */
interface LongName {
  readonly name: string;
  readonly file: string;
  readonly start: number;
  readonly statement: ParsedStatement;
}

const cache = new WeakMap<ProjectContext, ReadonlyMap<string, LongName>>();

function longNamesOf(project: ProjectContext): ReadonlyMap<string, LongName> {
  const cached = cache.get(project);
  if (cached) return cached;
  const names = new Map<string, LongName>();
  for (const migration of project.chain) {
    for (const context of statementContexts(migration, project)) {
      for (const { statement } of [context, ...innerContexts(context)]) {
        for (const token of longNamesIn(statement)) {
          const name = nameOf(token) ?? '';
          if (!names.has(name)) names.set(name, { name, file: migration.up.script.file, start: token.start, statement });
        }
      }
    }
  }
  cache.set(project, names);
  return names;
}

const known = new WeakMap<ParsedStatement, readonly Token[]>();

function longNamesIn(statement: ParsedStatement): readonly Token[] {
  const before = known.get(statement);
  if (before) return before;
  const found = findLongNames(statement);
  known.set(statement, found);
  return found;
}

function findLongNames(statement: ParsedStatement): Token[] {
  if (!/[^\s'"()]{22}/u.test(statement.text) && !statement.text.includes('"')) return [];
  return tokensOf(statement).filter((token) => token.end - token.start > longestName / 4 && byteLength(nameOf(token) ?? '') > longestName);
}

function isBefore(names: ReadonlyMap<string, LongName>, one: string, other: string): boolean {
  const order = [...names.keys()];
  return order.indexOf(one) < order.indexOf(other);
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The name as the server keeps it: whole characters of at most 63 bytes together. */
function truncated(name: string, bytes = longestName): string {
  let kept = '';
  let length = 0;
  for (const character of name) {
    length += byteLength(character);
    if (length > bytes) break;
    kept += character;
  }
  return kept;
}

/** A short form that no other long name has: the beginning, and a number. */
function unusedName(names: ReadonlyMap<string, LongName>, name: string): string {
  const taken = new Set([...names.keys()].map((each) => truncated(each)));
  for (let number = 2; ; number++) {
    const candidate = `${truncated(name, longestName - String(number).length - 1)}_${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** Writes the short form wherever the project has the long one, so that all of it means the same as before. */
function shorten({ project }: StatementContext, name: string, short: string): Fix {
  const scripts = new Set<ScriptContext>(project.chain.flatMap(({ up, down }) => (down ? [up, down] : [up])));
  const edits = [...scripts].flatMap(({ script, statements }) =>
    statements.flatMap((statement) =>
      tokensOf(statement)
        .filter((token) => nameOf(token) === name)
        .map(({ kind, start, end, text }) => ({
          file: script.file,
          range: { start, end },
          newText: kind === 'quoted-name' ? `"${short.replaceAll('"', '""')}"` : matchCase(text, short, name),
        })),
    ),
  );
  return { title: `Shorten to ${short}`, preferred: true, edits };
}

/** Keeps the author's capitals where the short form is the beginning of the name. */
function matchCase(written: string, short: string, name: string): string {
  return name.startsWith(short) ? written.slice(0, short.length) : short;
}
