import { addedEnumValue, hasConstant } from '../sql/enum-values';
import type { ReplayScript, ReplayStep } from '../../observation';
import type { ParsedStatement } from '../sql/statement';

/** Migrations that may run in one transaction, from the one that adds an enum value to the last that seems to use it. */
interface PendingGroup {
  readonly first: number;
  readonly last: number;
}

interface ChainStep {
  readonly statements: readonly ParsedStatement[];
  readonly step: ReplayStep;
}

/** So many groups are tried, the latest: each is replayed once more. */
const mostGroups = 8;

/**
 * The groups of a chain in which a later migration has the value of an enum that an earlier one adds as a constant: what the
 * server refuses only where both run in one transaction. Groups whose scripts end the transaction themselves are left out.
 */
export function pendingGroups(chain: readonly ChainStep[]): PendingGroup[] {
  const groups: PendingGroup[] = [];
  for (const [first, { statements }] of chain.entries()) {
    const values = statements.flatMap((statement) => addedEnumValue(statement) ?? []);
    if (values.length === 0) continue;
    const end = chain.findIndex(({ step }, index) => index >= first && !staysInTransaction(step.up));
    const last = chain.findLastIndex(
      (each, index) =>
        index > first &&
        (end < 0 || index < end) &&
        each.statements.some((statement) => values.some((value) => hasConstant(statement, value))),
    );
    if (last > first) groups.push({ first, last });
  }
  return groups.slice(-mostGroups);
}

/** The migrations of a group as one script. */
export function joinedStep(chain: readonly ChainStep[], { first, last }: PendingGroup): ReplayStep {
  const steps = chain.slice(first, last + 1).map(({ step }) => step);
  const [{ id, up } = { id: '', up: undefined }] = steps;
  const statements = steps.flatMap((step) => step.up.statements);
  return { id: `${id} to ${steps.at(-1)?.id}`, up: { transaction: 'script', sends: up?.sends ?? 'whole', statements } };
}

function staysInTransaction({ transaction, statements }: ReplayScript): boolean {
  return transaction === 'script' && statements.every(({ control }) => control === undefined || control === 'savepoint');
}
