import { hashScript, hashText, canonicalJson } from '../core/hash';
import { ProblemError } from '../core/problem';
import { unitsOf, type ScriptUnit, type UnitsOptions } from '../databases/postgresql/execution/script-units';
import { parseSql } from '../databases/postgresql/execution/parse-sql';
import type { Plan, PlanStep } from './plan';

/** A plan without its id. */
export type PlanContent = Omit<Plan, 'id' | 'format'>;

/** Freezes a plan and names it by its content. */
export function sealPlan(content: PlanContent): Plan {
  const plan = { format: 1 as const, ...content };
  return deepFreeze({ ...plan, id: hashText(canonicalJson(plan)) });
}

/** True when the plan's id is the hash of its content. */
export function isIntact(plan: Plan): boolean {
  const content: Partial<Plan> = { ...plan };
  delete (content as { id?: string }).id;
  return hashText(canonicalJson(content)) === plan.id;
}

export interface ScriptToPlan {
  readonly id: string;
  readonly release: string;
  readonly direction: 'up' | 'down';
  readonly sql: string;
  readonly file: string | undefined;
  readonly irreversible: string | undefined;
  readonly detail?: string;
}

/** The steps of one script: one where it can share a transaction with its journal row as a whole, else one a unit. */
export async function scriptSteps(script: ScriptToPlan, options: UnitsOptions): Promise<PlanStep[]> {
  const units = unitsOf(script.sql, await parseSql(script.sql), options);
  if (!units.ok) {
    throw new ProblemError({
      ...units.problem,
      message: `Migration ${script.id}: ${units.problem.message}`,
      ...(script.file && { file: script.file }),
    });
  }
  return units.value.map((unit, index) => scriptStep(script, unit, index, units.value.length));
}

function scriptStep(script: ScriptToPlan, unit: ScriptUnit, index: number, count: number): PlanStep {
  const verb = script.direction === 'up' ? 'Apply' : 'Undo';
  const base = `${script.release}/${script.direction}/${script.id}`;
  const detail = unit.session ? sessionDetail : script.detail;
  return {
    id: unit.whole ? base : `${base}#${index + 1}`,
    kind: unit.whole ? 'migration' : 'statement',
    direction: script.direction,
    title: unit.whole || count === 1 ? `${verb} ${script.id}` : `${verb} ${script.id} (${index + 1} of ${count})`,
    release: script.release,
    migration: script.id,
    ...(script.file !== undefined && { file: script.file }),
    sql: unit.sql,
    hash: hashScript(unit.sql),
    transactional: unit.transactional,
    ...(script.irreversible !== undefined && { irreversible: script.irreversible }),
    ...(detail !== undefined && { detail }),
  };
}

/** The detail of a step that only sets up the session for the steps after it; it is repeated on resume. */
export const sessionDetail = 'Sets up the session for the statements that follow.';

/** Sentences about steps that are their own point of no return. */
export function transactionWarnings(steps: readonly PlanStep[]): string[] {
  const alone = steps.filter((step) => !step.transactional && (step.kind === 'statement' || step.kind === 'migration'));
  if (alone.length === 0) return [];
  const names = [...new Set(alone.map((step) => step.migration))].join(', ');
  const [what, each] = alone.length === 1 ? ['1 statement', 'it'] : [`${alone.length} statements`, 'they'];
  return [`${what} of ${names} cannot run in a transaction. After a crash, the catalog shows whether ${each} took effect.`];
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
