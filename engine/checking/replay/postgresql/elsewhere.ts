import { keyOf, type MissingObject, sharedDefinition } from '../../../databases/postgresql/inference/other-histories';
import type { FindOtherHistories, OtherHistory } from '../../../databases/other-histories';
import { type Lesson, lessonsOf } from '../../../databases/postgresql/inference/server-lessons';
import { remembered } from '../../../core/remember';
import type { AssumedObject } from '../../../databases/assumed-object';
import { definitionsIn } from '../../../databases/postgresql/sql/definitions';
import { suggest } from '../../../inputs/manifest/suggest';
import type { ReplaySession, ReplayStep, StepObservation } from '../../../databases/observation';
import { bodyOf } from '../../../databases/postgresql/sql/inner-statements';
import type { QualifiedName } from '../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../databases/postgresql/sql/statement';

interface HistoryWithoutBeginning {
  /** The statements of each migration's up script, in order, also of those that are not replayed this time. */
  readonly scripts: readonly (readonly ParsedStatement[])[];
  /** What a declared baseline makes. */
  readonly baseline: readonly ParsedStatement[];
  /** The connection of the tool that runs the scripts. */
  readonly session: ReplaySession | undefined;
  /** What was learned before, of this history or an earlier state of it. */
  readonly lessons: readonly Lesson[];
  readonly find: FindOtherHistories<SqlNode>;
  /** Replays the scripts, or the first of them, behind the step; returns one observation a script. */
  observe(before: ReplayStep | undefined): Promise<readonly StepObservation[]>;
}

interface HistoryWithOthers {
  /** Makes what other histories create; undefined when nothing is taken from them. */
  readonly step: ReplayStep | undefined;
  /** By script, what it needs of them first. */
  readonly assumed: readonly (readonly AssumedObject[])[];
  readonly lessons: readonly Lesson[];
  readonly observed: readonly StepObservation[];
}

/** How often the server is asked what is still missing. */
const mostRounds = 5;

/**
 * Replays a history together with what it takes from other migrations directories of its checkout: relations, types, functions and
 * schemas that the server misses, that no script of the history makes and that have no name like one which it makes.
 */
export async function observeWithOthers(history: HistoryWithoutBeginning): Promise<HistoryWithOthers> {
  const { scripts, baseline } = history;
  const own = createdKeys([...baseline, ...scripts.flat()]);
  const texts = new Set(scripts.flat().map(({ text }) => text));
  const known = history.lessons.filter(isShared).filter(({ statement }) => texts.has(statement));
  let taken = await take(known, history, own);
  for (let round = 0; ; round++) {
    const observed = await history.observe(taken.step);
    const more = round < mostRounds ? missingIn(observed, scripts, own, taken.lessons) : [];
    const next = more.length === 0 ? taken : await take([...taken.lessons, ...more], history, own);
    if (next.lessons.length === taken.lessons.length) return { ...taken, observed };
    taken = next;
  }
}

/** What statements create, those inside DO blocks too. */
function createdKeys(statements: readonly ParsedStatement[]): Set<string> {
  return new Set(statements.flatMap(keysCreatedBy));
}

const keysCreatedBy = remembered((statement: ParsedStatement): readonly string[] => {
  const body = bodyOf(statement);
  const inside = body?.kind === 'block' ? body.statements : [statement];
  return inside.flatMap(({ node }) =>
    definitionsIn(node).flatMap(({ action, kind, name }) => (action === 'create' ? keyOf(kind, name) : [])),
  );
});

type SharedLesson = Lesson &
  ({ readonly kind: 'table' | 'type' | 'function'; readonly name: QualifiedName } | { readonly kind: 'schema'; readonly name: string });

function isShared(lesson: Lesson): lesson is SharedLesson {
  return /^(?:table|type|function|schema)$/.test(lesson.kind);
}

function objectOf(lesson: SharedLesson): MissingObject {
  if (lesson.kind === 'schema') return { kind: 'schema', name: { name: lesson.name } };
  return { kind: lesson.kind === 'table' ? 'relation' : lesson.kind, name: lesson.name };
}

/** What the server misses; an object that has nearly the name of an own one is misspelt. */
function missingIn(
  observed: readonly StepObservation[],
  scripts: HistoryWithoutBeginning['scripts'],
  own: ReadonlySet<string>,
  known: readonly SharedLesson[],
): SharedLesson[] {
  const keys = new Set(known.map(keyOfLesson));
  const found: SharedLesson[] = [];
  observed.forEach(({ statements }, index) => {
    const sent = scripts[index]?.filter(({ kind }) => kind === 'sql') ?? [];
    statements.forEach(({ error }, place) => {
      const statement = sent[place];
      if (!error || error.gaveUp !== undefined || !statement || statement.sent?.guessed) return;
      for (const lesson of lessonsOf(error, statement, []).filter(isShared)) {
        const key = keyOfLesson(lesson);
        if (keys.has(key) || own.has(key) || isMisspelt(objectOf(lesson), own)) continue;
        keys.add(key);
        found.push(lesson);
      }
    });
  });
  return found;
}

function keyOfLesson(lesson: SharedLesson): string {
  const { kind, name } = objectOf(lesson);
  return keyOf(kind, name.name);
}

function isMisspelt({ kind, name }: MissingObject, own: ReadonlySet<string>): boolean {
  const start = keyOf(kind, '');
  const names = [...own].filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
  return suggest(name.name, names) !== undefined;
}

interface Taken {
  readonly step: ReplayStep | undefined;
  readonly assumed: readonly (readonly AssumedObject[])[];
  /** Those of objects that were found. */
  readonly lessons: readonly SharedLesson[];
}

async function take(
  lessons: readonly SharedLesson[],
  { scripts, session, find }: HistoryWithoutBeginning,
  own: ReadonlySet<string>,
): Promise<Taken> {
  const assumed: AssumedObject[][] = scripts.map(() => []);
  if (lessons.length === 0) return { step: undefined, assumed, lessons };
  const histories = await find(lessons.map((lesson) => objectOf(lesson).name.name));
  const used = new Map<OtherHistory<SqlNode>, Set<ParsedStatement>>(histories.map((history) => [history, new Set()]));
  const found: SharedLesson[] = [];
  for (const lesson of lessons) {
    const missing = objectOf(lesson);
    for (const [history, statements] of used) {
      const definition = sharedDefinition(history, missing, own);
      if (!definition) continue;
      for (const statement of definition.statements) statements.add(statement);
      const script = scripts.findIndex((each) => each.some(({ text }) => text === lesson.statement));
      assumed[script]?.push({ object: labelOf(missing), sql: definition.sql, from: definition.origin });
      found.push(lesson);
      break;
    }
  }
  const statements = [...used].flatMap(([history, each]) =>
    history.statements.flatMap(({ statement }) => (each.has(statement) ? { text: statement.sent?.text ?? statement.text } : [])),
  );
  if (found.length === 0) return { step: undefined, assumed, lessons: found };
  return {
    step: { id: 'elsewhere', session, up: { transaction: 'none', sends: 'statements', statements } },
    assumed,
    lessons: found,
  };
}

function labelOf({ kind, name: { schema = 'public', name } }: MissingObject): string {
  if (kind === 'schema') return `schema ${name}`;
  return `${kind === 'relation' ? 'table' : kind} ${schema}.${name}${kind === 'function' ? '()' : ''}`;
}
