import { canonicalJson, hashText } from '../../core/hash';
import type { Execution } from '../../databases/execution';
import type { Drifted } from '../../databases/fact';
import type { OpenRun } from '../journal/journal-state';
import type { Plan, PlanStep } from '../plan';

/** A plan without its id. */
type PlanContent = Omit<Plan, 'id' | 'format'>;

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

/** What the scripts of the steps take away with its data. */
export async function lossesOf(steps: readonly PlanStep[], { lossesOf: ask }: Execution): Promise<string[]> {
  const scripts = steps.filter((step) => step.sql !== undefined);
  const losses = await ask(scripts.map(({ sql = '' }) => sql));
  return [...new Set(scripts.flatMap(({ migration }, index) => (losses[index] ?? []).map((loss) => `${loss} (${migration ?? ''})`)))];
}

/** The changes outside the journal that a plan carries: those that were found, and those that the run which it resumes accepted. */
export function driftOf(found: readonly Drifted[] | undefined, resumed: OpenRun | undefined): readonly Drifted[] | undefined {
  const names = new Set(found?.map(({ object }) => object));
  const all = [...(resumed?.plan.drift ?? []).filter(({ object }) => !names.has(object)), ...(found ?? [])];
  return all.length === 0 ? undefined : all;
}

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
