import { baseName } from '../../../../core/paths';
import type { TextRange } from '../../../../core/text';
import { bodyOf, type Code, codeOf } from '../../../../databases/postgresql/sql/inner-statements';
import { fieldsOf, nameFromList } from '../../../../databases/postgresql/sql/nodes';
import { type NewerFeature, newerNumbers, newerThan } from '../../../../databases/postgresql/sql/server-versions';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { Check, FindingDraft } from '../../check';
import type { ProjectContext, ScriptContext } from '../../../context/context';
import { configurationFileName } from '../../../context/configuration';
import { headOf } from '../support/evidence';

export const check: Check = {
  id: 'syntax-too-new',
  hazards: ['P59'],
  severity: 'error',
  summary: 'Uses a feature that the oldest supported server does not have.',
  looksAhead: true,
  *script({ script, statements }, migration, project) {
    const isDown = script.file === migration.down?.script.file && script === migration.down.script;
    for (const statement of statements) {
      yield* findings(statement, newerIn(statement, project, statement.text), 'now', isDown, project);
      if (choosesByVersion(statement)) continue;
      const body = bodyOf(statement);
      const when = body?.kind === 'routine' ? 'when called' : 'now';
      const code = codeOf(statement);
      if (code && /^(?:sql|plpgsql)$/.test(code.language)) {
        const numbers = newerNumbers(code.text, project.minimum);
        yield* findings(asStatement(statement, code), numbers, when, isDown, project);
      }
      for (const inner of body?.statements ?? []) yield* findings(inner, newerIn(inner, project), when, isDown, project);
    }
  },
};

function* findings(
  statement: ParsedStatement,
  features: readonly NewerFeature[],
  when: 'now' | 'when called',
  isDown: boolean,
  project: ProjectContext,
): Iterable<FindingDraft> {
  for (const found of features) {
    if (found.calls !== undefined && madeFunctions(project).has(found.calls)) continue;
    const isSure = found.calls === undefined || project.completeHistory;
    yield {
      range: placeOf(statement, found),
      cause: `${found.since} ${when} ${isDown}`,
      message: `Needs PostgreSQL ${found.since}, but ${project.minimum} has to work: ${found.feature}`,
      details: [reasonOf(project, when, isDown), ...(isSure ? [] : ['A function of the same name in the database would work.'])].join(' '),
      advice: remedy(found.since, project),
      severity: isSure && !project.guessesMinimum ? undefined : 'warning',
      verified: isSure,
    };
  }
}

/** What is new in a statement. Numbers are looked for in the given text. */
function newerIn({ node }: ParsedStatement, { minimum }: ProjectContext, text = ''): NewerFeature[] {
  return node ? newerThan(node, minimum, text) : [];
}

/** Code as if it were a statement, so that places in it can be told. */
function asStatement(statement: ParsedStatement, { text, range, exact }: Code): ParsedStatement {
  if (!exact) return statement;
  const offsetOf = (location: number) => range.start + Buffer.from(text).subarray(0, location).toString().length;
  return { ...statement, ...range, text, offsetOf };
}

function reasonOf({ minimum, guessesMinimum }: ProjectContext, when: 'now' | 'when called', isDown: boolean): string {
  const server = `PostgreSQL ${minimum} is the oldest supported server${guessesMinimum ? ' by default' : ''}`;
  if (when === 'when called') return `${server}; the routine fails there when called.`;
  return `${server}, and the ${isDown ? 'rollback' : 'upgrade'} stops at this statement there.`;
}

function remedy(since: number, { manifest, guessesMinimum }: ProjectContext): string {
  const place = manifest ? `migrations.minimum in ${baseName(manifest.path)}` : `minimum in ${configurationFileName}`;
  return `Avoid the feature, or ${guessesMinimum ? 'set' : 'raise'} ${place} to "${since}".`;
}

/** A block that asks for the server's version runs what it contains where it works. */
function choosesByVersion({ text }: ParsedStatement): boolean {
  return /\bserver_version|\bversion\s*\(/i.test(text);
}

function placeOf(statement: ParsedStatement, { location }: NewerFeature): TextRange {
  const isExact = !('exact' in statement) || statement.exact === true;
  if (location === undefined || !isExact) return headOf(statement);
  const start = statement.offsetOf(location);
  const word =
    /^(?:"[^"]*"|'[^']*'|::\s*[\p{L}\p{N}_.]+|[\p{L}\p{N}_.$]+|\S)/u.exec(statement.text.slice(start - statement.start))?.[0] ?? ' ';
  return { start, end: start + word.length };
}

const madeCache = new WeakMap<ProjectContext, ReadonlySet<string>>();

/** Names of the functions that the project's scripts make, for which it does not matter that newer servers bring one along. */
function madeFunctions(project: ProjectContext): ReadonlySet<string> {
  const cached = madeCache.get(project);
  if (cached) return cached;
  const made = new Set(project.chain.flatMap(({ up }) => functionsIn(up)));
  madeCache.set(project, made);
  return made;
}

function functionsIn({ statements }: ScriptContext): string[] {
  return statements.flatMap((statement) =>
    [statement, ...(bodyOf(statement)?.statements ?? [])].flatMap(({ node }) => {
      const name = nameFromList(fieldsOf(node, 'CreateFunctionStmt')?.funcname ?? fieldsOf(node, 'DefineStmt')?.defnames)?.name;
      return name === undefined ? [] : [name];
    }),
  );
}
