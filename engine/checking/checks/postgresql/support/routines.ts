import { listed, listedBriefly, shortened } from '../../../../core/wording';
import { type RoutineFault, routineFaults, type RoutineScript } from '../../../../databases/postgresql/routines/routine-faults';
import type { RoutineFailure } from '../../../../databases/observation';
import { fieldsOf, nameParts } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { FindingDraft } from '../../check';
import type { MigrationContext, ProjectContext } from '../../../context/context';
import { isReplayable } from '../../../context/replay-limits';
import { relationOf } from './evidence';
import { isMadeInBody } from './made-in-body';

/** Longest message of the server that a headline quotes in full. */
const longestMessage = 56;

/** A fault with the migration that creates the routine; undefined for one of the baseline. */
export interface LocatedFault extends RoutineFault {
  readonly from: MigrationContext | undefined;
}

const known = new WeakMap<ProjectContext, ReadonlyMap<MigrationContext, readonly LocatedFault[]>>();

/**
 * What the embedded database says of bodies of functions and procedures, by the migration where it began. Without what does not
 * have to fail: code that handles the error, that looks into the catalog first, that makes it itself, or that asks which table it works for.
 */
export function routineFaultsIn(project: ProjectContext, migration: MigrationContext): readonly LocatedFault[] {
  const before = known.get(project) ?? allFaults(project);
  known.set(project, before);
  return before.get(migration) ?? [];
}

function allFaults(project: ProjectContext): ReadonlyMap<MigrationContext, readonly LocatedFault[]> {
  const { chain, baseline, directory } = project;
  const replayed = chain.filter(isReplayable);
  const found = new Map<MigrationContext, LocatedFault[]>();
  const read = (members: readonly (MigrationContext | undefined)[], scripts: readonly RoutineScript[]): void => {
    const shared = sharedTriggerFunctions(scripts);
    const routines = routinesByName(scripts);
    const counts = (routine: RoutineFault['routine'], failure: RoutineFailure): boolean =>
      isCertain(routine, failure, shared) && !isMadeInBody(routine, failure, routines);
    for (const fault of routineFaults(scripts, counts)) {
      const migration = members[fault.script];
      if (migration) found.set(migration, [...(found.get(migration) ?? []), { ...fault, from: members[fault.routine.script] }]);
    }
  };
  const scripts = replayed.map(({ up, release, observation }): RoutineScript => ({
    statements: up.statements,
    release,
    outcomes: observation?.routines ?? [],
  }));
  if (directory?.layout === 'loose') replayed.forEach((each, index) => read([each], scripts.slice(index, index + 1)));
  else if (baseline) {
    const dump = { statements: baseline.statements, release: undefined, outcomes: baseline.observation?.routines ?? [] };
    read([undefined, ...replayed], [dump, ...scripts]);
  } else read(replayed, scripts);
  return found;
}

function routinesByName(scripts: readonly RoutineScript[]): ReadonlyMap<string, readonly ParsedStatement[]> {
  const routines = new Map<string, ParsedStatement[]>();
  for (const statement of scripts.flatMap(({ statements }) => statements)) {
    const name = nameParts(fieldsOf(statement.node, 'CreateFunctionStmt')?.funcname).at(-1);
    if (name !== undefined) routines.set(name, [...(routines.get(name) ?? []), statement]);
  }
  return routines;
}

/** Names of functions that triggers of several tables call. */
function sharedTriggerFunctions(scripts: readonly RoutineScript[]): ReadonlySet<string> {
  const tables = new Map<string, string>();
  const shared = new Set<string>();
  for (const { statements } of scripts) {
    for (const { node } of statements) {
      const create = fieldsOf(node, 'CreateTrigStmt');
      if (!create) continue;
      const name = nameParts(create.funcname).at(-1) ?? '';
      const table = relationOf(create.relation);
      if ((tables.get(name) ?? table) !== table) shared.add(name);
      tables.set(name, table);
    }
  }
  return shared;
}

const catalogWords = ['information_schema', 'pg_class', 'pg_attribute', 'pg_tables', 'to_regclass', 'to_jsonb', 'hstore'];

function isCertain(
  { name, body, words }: RoutineFault['routine'],
  { piece, sqlstate, message }: RoutineFailure,
  shared: ReadonlySet<string>,
): boolean {
  if (catalogWords.some((word) => words.has(word))) return false;
  if (!body || piece < 0) return true;
  if (body.pieces[piece]?.isHandled || (body.asksForTable && shared.has(name))) return false;
  const ambiguous = sqlstate === '42702' ? /"([^"]+)"/.exec(message)?.[1] : undefined;
  return ambiguous === undefined || !body.narrow.has(ambiguous);
}

/** What fails and where, as the beginning of a sentence: `INSERT and UPDATE on docs fail in their trigger function docs_search`. */
export function consequenceOf(
  { routine, failure, failures }: RoutineFault,
  displayName: (table: string) => string,
): Pick<FindingDraft, 'message' | 'details'> {
  const { table } = failure;
  if (table === undefined) return { message: `${routine.name} fails when called: ${shortened(failure.message, longestMessage)}` };
  const tables = [...new Set(failures.map((each) => each.table ?? table))].map(displayName);
  const events = [...new Set(failures.flatMap((each) => each.events ?? []))];
  const verb = events.length === 1 ? 'fails' : 'fail';
  return {
    message: `${listed(events)} on ${listedBriefly(tables, 1)} ${verb}: ${shortened(failure.message, longestMessage)}`,
    details: `The error is in trigger function ${routine.name}${tables.length > 2 ? `, for ${listed(tables)}` : ''}.`,
  };
}
