import type { AssumedObject } from '../../assumed-object';
import type { ReplayStep, StepObservation } from '../../observation';
import type { ParsedStatement } from '../sql/statement';
import { inferAssumptions, tablesIn } from './infer';
import { type RenderedObject, renderAssumptions } from './render';
import { type Lesson, lessonsOf } from './server-lessons';

/** How often the server is asked, and how often where asking replays a long history. */
const mostRounds = 8;
const mostRoundsOfLong = 3;
const longHistory = 20;

export interface HistoryToComplete {
  /** What is replayed before everything else. */
  readonly baseline: { readonly statements: readonly ParsedStatement[]; readonly step: ReplayStep } | undefined;
  readonly scripts: readonly { readonly statements: readonly ParsedStatement[]; readonly step: ReplayStep }[];
  /** True when what there is before the first script is known, and only scripts between them are not: what works needs nothing assumed. */
  readonly startsKnown?: boolean;
  /** What was learned before, of this history or an earlier state of it. */
  readonly lessons: readonly Lesson[];
  /** The search path with which each script starts, where it is not the server's own. */
  readonly searchPath?: readonly string[] | undefined;
  /** Replays a chain; see `Shadow.observe`. */
  observe(chain: readonly ReplayStep[]): Promise<readonly StepObservation[]>;
}

export interface CompletedHistory {
  /** Makes what is assumed; undefined when nothing is. It belongs between baseline and scripts. */
  readonly step: ReplayStep | undefined;
  /** What each script takes for granted, as far as no script before it does. */
  readonly assumed: readonly (readonly AssumedObject[])[];
  readonly lessons: readonly Lesson[];
}

/**
 * Finds what scripts take for granted: first from their parse trees, then from what the server refuses of them, as long as
 * that gets better.
 */
export async function completeHistory(history: HistoryToComplete): Promise<CompletedHistory> {
  const { baseline, scripts } = history;
  const texts = new Set(scripts.flatMap(({ statements }) => statements.map(({ text }) => text)));
  let lessons = history.lessons.filter(({ statement }) => texts.has(statement));
  // Only a statement that was refused taught anything.
  const refused = history.startsKnown === true ? new Set(lessons.map(({ statement }) => statement)) : undefined;
  let best: { failures: number; completed: CompletedHistory } | undefined;
  const rounds = (scripts.length > longHistory ? mostRoundsOfLong : mostRounds) + (refused ? 1 : 0);
  for (let round = 0; round < rounds; round++) {
    const schema = inferAssumptions({
      baseline: baseline?.statements ?? [],
      scripts: scripts.map(({ statements }) => statements),
      lessons,
      refused,
      searchPath: history.searchPath,
    });
    const objects = renderAssumptions(schema);
    const step = stepOf(objects);
    const before = [baseline?.step, step].filter((each) => each !== undefined);
    const observed = await history.observe([...before, ...scripts.map((script) => script.step)]);
    const notMade = refusedBy(step, observed[before.length - 1]);
    const failing = scripts.flatMap(({ statements }, index) => failingIn(statements, observed[before.length + index]));
    const isNew = refused !== undefined && failing.some((text) => !refused.has(text));
    for (const text of failing) refused?.add(text);
    const said = scripts.map(({ statements }, index) => lessonsIn(statements, observed[before.length + index], [...schema.tables.keys()]));
    const failures = said.reduce((sum, { failures: count }) => sum + count, 0);
    if (!best || failures <= best.failures) {
      const made = objects.filter(({ sql }) => !notMade.has(sql));
      best = { failures, completed: { step, assumed: byScript(made, scripts.length), lessons } };
    }
    const known = new Set(lessons.map((lesson) => JSON.stringify(lesson)));
    const more = said.flatMap((each) => each.lessons).filter((lesson) => !known.has(JSON.stringify(lesson)));
    if (!isNew && (failures === 0 || more.length === 0)) break;
    lessons = [...lessons, ...more];
  }
  return best?.completed ?? { step: undefined, assumed: scripts.map(() => []), lessons };
}

/** The statements that make what is assumed, each by itself, so that one that fails takes no other with it. */
function stepOf(objects: readonly RenderedObject[]): ReplayStep | undefined {
  if (objects.length === 0) return undefined;
  const statements = [...new Set(objects.map(({ sql }) => sql))].map((text) => ({ text }));
  return { id: 'assumed', up: { transaction: 'script', sends: 'statements', statements } };
}

function refusedBy(step: ReplayStep | undefined, observation: StepObservation | undefined): Set<string> {
  if (!step || !observation) return new Set();
  return new Set(step.up.statements.filter((_, index) => observation.statements[index]?.error).map(({ text }) => text));
}

function failingIn(statements: readonly ParsedStatement[], observation: StepObservation | undefined): string[] {
  const sent = statements.filter(({ kind }) => kind === 'sql');
  return sent.flatMap(({ text }, index) => {
    const error = observation?.statements[index]?.error;
    return error && error.gaveUp === undefined ? text : [];
  });
}

function lessonsIn(
  statements: readonly ParsedStatement[],
  observation: StepObservation | undefined,
  tables: readonly string[],
): { failures: number; lessons: Lesson[] } {
  const sent = statements.filter(({ kind }) => kind === 'sql');
  let failures = 0;
  const lessons: Lesson[] = [];
  sent.forEach((statement, index) => {
    const error = observation?.statements[index]?.error;
    if (!error || error.gaveUp) return;
    const own = tablesIn(statement.node).map(({ schema, name }) => (schema === undefined ? `.${name}` : `${schema}.${name}`));
    const learned = lessonsOf(
      error,
      statement,
      tables.filter((table) => own.some((name) => (name.startsWith('.') ? table.endsWith(name) : table === name))),
    );
    if (learned.length === 0) return;
    failures++;
    lessons.push(...learned);
  });
  return { failures, lessons };
}

function byScript(objects: readonly RenderedObject[], scripts: number): AssumedObject[][] {
  const sorted: AssumedObject[][] = Array.from({ length: scripts }, () => []);
  for (const { object, sql, neededBy } of objects) sorted[neededBy]?.push({ object, sql });
  return sorted;
}
