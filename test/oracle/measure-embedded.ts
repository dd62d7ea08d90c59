import type { LockMode, ReplayScript, Shadow } from '#engine/databases/observation';
import { commonSetup, type Facts, type OracleStatement } from './statements';

/** What the shadow says of each statement, by name, through the same call as a check's evidence. */
export async function measureEmbedded(shadow: Shadow, statements: readonly OracleStatement[]): Promise<Map<string, Facts>> {
  const measured = new Map<string, Facts>();
  for (const statement of statements) measured.set(statement.name, await measureOne(shadow, statement));
  return measured;
}

async function measureOne(shadow: Shadow, statement: OracleStatement): Promise<Facts> {
  const steps = [{ id: 'common', up: script(commonSetup) }];
  if (statement.setup) steps.push({ id: 'setup', up: script(statement.setup) });
  const asked = script([...(statement.before ?? []), statement.sql]);
  const up: ReplayScript = statement.alone ? { ...asked, transaction: 'none', sends: 'statements' } : asked;
  const observed = await shadow.observe([...steps, { id: 'statement', up }]);
  for (const step of observed.slice(0, -1)) {
    for (const { error } of step.statements) if (error) throw new Error(`The setup of "${statement.name}" fails: ${error.message}`);
  }
  const observation = observed.at(-1)?.statements.at(-1);
  if (!observation) throw new Error(`The shadow says nothing of "${statement.name}".`);
  const locks: Record<string, LockMode> = {};
  const tables = new Set<string>();
  for (const { relation, relationKind, mode, existedBefore } of observation.locks) {
    if (!existedBefore || mode === 'AccessShare') continue;
    if (relationKind === 'i' && relation !== 'public.t_a') continue;
    tables.add(relation);
    locks[short(relation)] = mode;
  }
  const isTable = (relation: string) => tables.has(relation) && relation !== 'public.t_a';
  return {
    locks,
    rewrites: observation.rewrites.filter(isTable).map(short).sort(),
    scans: observation.scans.map(short).sort(),
    error: observation.error?.sqlstate,
  };
}

function script(sql: readonly string[]): ReplayScript {
  return { transaction: 'script', sends: 'whole', statements: sql.map((text) => ({ text })) };
}

function short(relation: string): string {
  return relation.replace(/^public\./, '');
}
