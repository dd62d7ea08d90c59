import { ProblemError } from '../../core/problem';
import { hashScript } from '../../core/hash';
import type { Script } from '../../core/scripts';
import { LineIndex } from '../../core/text';
import { lineInFile } from '../../inputs/sources';
import type { JournaledMigration, StepEffect } from '../journal/journal';
import { MigrationValidator } from './migration-validator';
import type { Execution, ScriptUnit, UnitsOptions } from '../../databases/execution';
import type { PlanStep } from '../plan';
import type { Run } from '../run/run';
import type { StepKind, StepOf } from './step';

/** A script as a whole, or one unit of it. */
export type ScriptStep = StepOf<'migration', ScriptPayload> | StepOf<'statement', ScriptPayload>;

interface ScriptPayload {
  /** True for the first and the last step of the migration in the plan. */
  readonly first: boolean;
  readonly last: boolean;
  /** For an upgrade: what is journaled about the migration. Undefined for a rollback. */
  readonly store: JournaledMigration | undefined;
  /** The up script of a migration that is undone and was applied only in part, so that parts of its down may have nothing to do. */
  readonly partial: string | undefined;
  /** The line in the file, from 1, of an offset in the step's SQL. Undefined where the script is only in the journal. */
  readonly lineAt: ((offset: number) => number) | undefined;
}

/** A step of a script before it is known which other ones are in its plan. */
type UnitStep = PlanStep & { readonly kind: ScriptStep['kind'] } & Pick<ScriptPayload, 'lineAt'>;

/** The detail of a step that only sets up the session for the steps after it; it is repeated on resume. */
export const sessionDetail = 'Sets up the session for the statements that follow.';

/** A script as a planner hands it over. */
interface ScriptToPlan {
  readonly id: string;
  readonly release: string;
  readonly direction: 'up' | 'down';
  readonly sql: string;
  /** Where `sql` is from; undefined where that is the journal. */
  readonly source: Script | undefined;
  readonly irreversible: string | undefined;
  readonly detail?: string;
}

/** The steps of one script: one where it can share a transaction with its journal row as a whole, else one a unit. */
export async function cutScript(script: ScriptToPlan, execution: Execution, options: UnitsOptions): Promise<UnitStep[]> {
  const { sql, source } = script;
  const units = await execution.unitsOf(sql, options);
  if (!units.ok) {
    const { message, line = 1 } = units.problem;
    throw new ProblemError({
      ...units.problem,
      message: `Migration ${script.id}: ${message}`,
      file: source?.file,
      line: source && lineInFile(source, new LineIndex(sql).offsetAt({ line: line - 1, character: 0 })),
    });
  }
  return units.value.map((unit, index) => unitStep(script, unit, index, units.value.length));
}

function unitStep(script: ScriptToPlan, unit: ScriptUnit, index: number, count: number): UnitStep {
  const verb = script.direction === 'up' ? 'Apply' : 'Undo';
  const base = `${script.release}/${script.direction}/${script.id}`;
  return {
    id: unit.whole ? base : `${base}#${index + 1}`,
    kind: unit.whole ? 'migration' : 'statement',
    direction: script.direction,
    title: unit.whole || count === 1 ? `${verb} ${script.id}` : `${verb} ${script.id} (${index + 1} of ${count})`,
    release: script.release,
    migration: script.id,
    file: script.source?.file,
    sql: unit.sql,
    hash: hashScript(unit.sql),
    transactional: unit.transactional,
    irreversible: script.irreversible,
    detail: unit.session ? sessionDetail : script.detail,
    lineAt: script.source && linesOf(unit, script.source),
  };
}

function linesOf({ parts }: ScriptUnit, source: Script): (offset: number) => number {
  return (offset) => {
    const { at, start } = parts.findLast((part) => part.at <= offset) ?? { at: 0, start: 0 };
    return lineInFile(source, start + offset - at);
  };
}

/** The steps of a migration that are in a plan. */
export function scriptSteps(
  units: readonly UnitStep[],
  { store, partial }: Partial<Pick<ScriptPayload, 'store' | 'partial'>>,
): ScriptStep[] {
  return units.map(({ lineAt, ...unit }, index) => ({
    ...unit,
    payload: { first: index === 0, last: index === units.length - 1, store, partial, lineAt },
  }));
}

/** Runs the scripts of migrations as their plan cut them into steps. */
export class SchemaMigrator implements StepKind<ScriptStep> {
  readonly #validator = new MigrationValidator();

  /** @throws DatabaseFailure for what the server refuses; ProblemError `step-unknown`, `lock-lost`, `target-unreachable` */
  async perform(run: Run, step: ScriptStep): Promise<string | undefined> {
    return step.transactional ? this.#inTransaction(run, step) : this.#alone(run, step);
  }

  /** The change and its journal row in one transaction: both or neither. */
  async #inTransaction(run: Run, step: ScriptStep): Promise<string | undefined> {
    const { sql = '', payload } = step;
    const absent = payload.partial === undefined ? undefined : await this.#validator.alreadyUndone(run, sql);
    await intend(run, step);
    if (absent !== undefined) {
      await run.transaction(step, () => finish(run, step));
      return absent;
    }
    const { execution } = run.database;
    await execution.withLockRetry(run, () =>
      run.transaction(step, async () => {
        if (!execution.setsOwnLockTimeout(sql)) await run.session.execute(execution.setLockTimeout);
        await run.act(step, () => run.session.execute(sql));
        await finish(run, step);
      }),
    );
    return undefined;
  }

  /** Intent, act, probe, done: each on its own, because the server lets them share no transaction. */
  async #alone(run: Run, step: ScriptStep): Promise<string | undefined> {
    const { sql = '' } = step;
    const known = await this.#whatIsThere(run, step);
    await intend(run, step);
    run.touched = true;
    for (const part of known.act ? [...known.repair, sql] : known.repair) await run.act(step, () => run.session.execute(part));
    const unfinished = await this.#validator.validate(run, sql);
    if (unfinished) throw new ProblemError(unfinished);
    await run.transaction(step, () => finish(run, step));
    return known.message;
  }

  /** Looks before it acts: an interrupted attempt may have done the work, half of it, or nothing. */
  async #whatIsThere(run: Run, step: ScriptStep): Promise<Known> {
    const attempt = run.earlier.get(step.id)?.state;
    const interrupted = attempt === 'unknown' || attempt === 'failed';
    const found = await this.#validator.probe(run, step.sql ?? '', interrupted);
    if (found.state === 'half') {
      return { act: found.again, repair: found.repair, message: found.resumed };
    }
    if (step.payload.partial !== undefined && found.state === 'done') return { act: false, repair: [], message: found.evidence };
    if (!interrupted || found.state === 'not-done') return { act: true, repair: [] };
    if (found.state === 'done') return { act: false, repair: [], message: `Completed before the interruption: ${found.evidence}` };
    if (attempt === 'failed' || run.accept.has(`${step.id}=repeat`)) return { act: true, repair: [] };
    if (run.accept.has(`${step.id}=done`)) return { act: false, repair: [], message: 'Accepted as done by the user.' };
    const command = run.plan.direction === 'upgrade' ? 'apply' : 'rollback';
    throw new ProblemError({
      code: 'step-unknown',
      message: `The run was interrupted in step ${step.id} ("${step.title}"), and the catalog does not show whether the step took effect. ${found.evidence}`,
      remedy: `Check the target. If the step took effect, run ${command} --accept "${step.id}=done", else --accept "${step.id}=repeat".`,
      file: step.file,
    });
  }
}

function intend(run: Run, step: ScriptStep): Promise<void> {
  const { first, last, store } = step.payload;
  if (!first || (last && step.transactional)) return run.intend(step);
  return run.intend(step, store ? { store } : { partial: step.migration });
}

/** Journals the step as done. Inside a transaction. */
async function finish(run: Run, step: ScriptStep): Promise<void> {
  const { last, store } = step.payload;
  if (last) await run.session.execute(run.resetSession);
  const effect: StepEffect = store ? { applied: store } : { forgotten: step.migration };
  await run.done(step, last ? effect : {});
}

/** What is to be done about a step that may have been tried before. */
interface Known {
  readonly repair: readonly string[];
  readonly act: boolean;
  readonly message?: string;
}
