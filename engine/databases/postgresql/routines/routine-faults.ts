import type { RoutineFailure, RoutineOutcome } from '../../observation';
import { nodeType } from '../sql/nodes';
import type { ParsedStatement } from '../sql/statement';
import { type PlannedRoutine, planRoutines, type Routine } from './routine-plan';

/** A script of a history with what was seen of routines in it. */
export interface RoutineScript {
  readonly statements: readonly ParsedStatement[];
  readonly release: string | undefined;
  readonly outcomes: readonly RoutineOutcome[];
}

/** Something that a routine uses and that PostgreSQL refuses. */
export interface RoutineFault {
  readonly routine: Routine;
  /** Where it began: the statement that broke the routine, or for one that is born with it the script's last. */
  readonly script: number;
  readonly statement: ParsedStatement;
  /** `born`: the routine, or the trigger that calls it, came with the fault. `broken`: the statement took what it uses. */
  readonly kind: 'born' | 'broken';
  /** True when the error names what the statement itself changes. */
  readonly isNamed: boolean;
  /** The first of the body. */
  readonly failure: RoutineFailure;
  /** All of the same beginning. */
  readonly failures: readonly RoutineFailure[];
}

interface Open {
  readonly failure: RoutineFailure;
  readonly script: number;
  readonly statement: ParsedStatement;
  readonly kind: RoutineFault['kind'];
  readonly isNamed: boolean;
  /** The script in which it is gone again. */
  endsIn?: number;
}

/**
 * What is wrong with routines, as their outcomes tell. What the same script or release mends again is no fault, nor is what a
 * new routine lacks and any later script brings.
 * @param counts false for failures to leave out
 */
export function routineFaults(
  scripts: readonly RoutineScript[],
  counts: (routine: Routine, failure: RoutineFailure) => boolean = () => true,
): RoutineFault[] {
  const plan = planRoutines(scripts.map(({ statements }) => statements));
  const seen = new Map<Routine, Open[]>();
  plan.forEach((planned, script) => {
    const { statements = [], outcomes = [] } = scripts[script] ?? {};
    const sent = statements.filter(({ kind }) => kind === 'sql');
    if (outcomes.length !== planned.length) return;
    for (const [place, entry] of planned.entries()) {
      const outcome = outcomes[place];
      if (outcome) note(seen, entry, outcome, script, sent);
    }
  });
  return [...seen].flatMap(([routine, opened]) => {
    const lasting = opened.filter((each) => counts(routine, each.failure) && lasts(each, scripts));
    const beginnings = new Set(lasting.map(({ statement, kind }) => `${statement.start} ${kind}`));
    return [...beginnings].flatMap((beginning) => {
      const same = lasting.filter(({ statement, kind }) => `${statement.start} ${kind}` === beginning);
      const [first] = same;
      return first ? [{ routine, ...first, failures: same.map(({ failure }) => failure) }] : [];
    });
  });
}

function note(
  seen: Map<Routine, Open[]>,
  planned: PlannedRoutine,
  outcome: RoutineOutcome,
  script: number,
  sent: readonly ParsedStatement[],
): void {
  const { routine } = planned;
  const opened = seen.get(routine) ?? [];
  seen.set(routine, opened);
  for (const each of opened) {
    if (each.endsIn === undefined && !outcome.failures.some((failure) => isSame(failure, each.failure))) each.endsIn = script;
  }
  for (const failure of outcome.failures) {
    if (opened.some((each) => each.endsIn === undefined && isSame(failure, each.failure))) continue;
    const cause = causeOf(failure, planned);
    const statement = sent[cause.statement];
    if (!statement) continue;
    const makes = statement.node ? /^Create(?:Trig|Function)Stmt$/.test(nodeType(statement.node)) : false;
    opened.push({ failure, script, statement, kind: routine.script === script || makes ? 'born' : 'broken', isNamed: cause.isNamed });
  }
}

/** The statement that took what a body uses: the one that changes what the error names, on the table of the trigger if it can be. */
function causeOf({ message, table }: RoutineFailure, { statement, causes }: PlannedRoutine) {
  const words = new Set(message.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? []);
  const named = causes.filter(({ change }) => change.names.some((name) => words.has(name)));
  const onTable = named.filter(({ change }) => change.table !== undefined && table?.toLowerCase().endsWith(`.${change.table}`));
  const cause = [onTable, named, causes].find((each) => each.length > 0)?.at(-1);
  return { statement: cause?.statement ?? statement, isNamed: named.length > 0 };
}

function isSame(one: RoutineFailure, other: RoutineFailure): boolean {
  return one.piece === other.piece && one.table === other.table;
}

function lasts({ endsIn, script, kind }: Open, scripts: readonly RoutineScript[]): boolean {
  if (endsIn === undefined) return true;
  if (kind === 'born' || endsIn === script) return false;
  const release = scripts[script]?.release;
  return release === undefined || release !== scripts[endsIn]?.release;
}
