import type { CreateStmt } from '@pgsql/types';
import { listed } from '../../../../core/wording';
import type { Fix } from '../../../../core/finding';
import { fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { tableNamed } from '../support/column-types';
import { failsInShadow, headOf, lockEvidence, tablesBornInUnit } from '../support/evidence';
import { fix, replaceStatement } from '../support/fixes';
import { queueBehind } from '../support/instant-locks';
import { describeWork, tableWork, type TableWork } from '../support/table-work';
import { sqlName } from '../support/type-changes';

export const check: Check = {
  id: 'partition-creation-locks-parent',
  hazards: ['P26'],
  severity: 'warning',
  summary: 'Creates a partition in place, which blocks reads and writes of the whole partitioned table.',
  looksInside: true,
  *statement(context) {
    const create = fieldsOf(context.statement.node, 'CreateStmt');
    if (!create?.partbound || failsInShadow(context)) return;
    const parent = tableNamed(context, create.inhRelations?.[0]);
    const own = tableNamed(context, create.relation);
    if (tablesBornInUnit(context.migration, context.project).has(parent)) return;
    const isObserved = lockEvidence(context) !== undefined;
    const locks: TableWork[] = isObserved
      ? tableWork(context).filter(({ since }) => since === context.statement)
      : [{ table: parent, mode: 'AccessExclusive', work: 'none', since: context.statement, verified: false }];
    const scanned = locks.filter(({ work }) => work === 'scan');
    if (!locks.some(({ table }) => table === parent)) return;
    const bound = boundText(context, create);
    const make = `CREATE TABLE ${sqlName(own)} (LIKE ${sqlName(parent)} INCLUDING ALL EXCLUDING IDENTITY);`;
    const attach = `ALTER TABLE ${sqlName(parent)} ATTACH PARTITION ${sqlName(own)} ${bound};`;
    const attachAdvice = `Create the table on its own and attach it, which blocks neither reads nor writes of ${sqlName(parent)}: ${make} ${attach}`;
    const text: Pick<FindingDraft, 'message' | 'details' | 'advice'> =
      scanned.length > 0
        ? {
            message: describeWork(context, scanned).message,
            details: `The server checks that no row of ${listed(scanned.map(({ table }) => sqlName(table)))} belongs in the new partition. Reads and writes of ${sqlName(parent)} wait until it is done.`,
            advice: `Exclude the values of the new partition with a CHECK constraint on ${listed(scanned.map(({ table }) => sqlName(table)))}, added NOT VALID and validated first. ${attachAdvice}`,
          }
        : { ...queueBehind(context, locks), advice: attachAdvice };
    yield {
      range: headOf(context.statement),
      severity: scanned.length > 0 ? 'warning' : 'info',
      ...text,
      verified: locks.every((lock) => lock.verified),
      fixes: locks.length === 1 && isObserved ? fixes(context, create, make, attach) : [],
    };
  },
};

function boundText({ statement }: StatementContext, { partbound: bound }: CreateStmt): string {
  if (bound?.is_default) return 'DEFAULT';
  const at = statement.offsetOf(bound?.location ?? 0) - statement.start;
  const start = statement.text.slice(0, at).search(/for\s+values\s*$/i);
  const text = statement.text.slice(start < 0 ? at : start);
  return text.slice(0, endOfBound(text));
}

/** Just after the parenthesis that closes the bound: after TO (...) for ranges, else the first. */
function endOfBound(text: string): number {
  const parentheses = /\bto\s*\(|\bin\s*\(|\bwith\s*\(/i.exec(text);
  let depth = 0;
  for (let at = parentheses?.index ?? 0; at < text.length; at++) {
    if (text[at] === "'") at = Math.max(text.indexOf("'", at + 1), at);
    else if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at + 1;
  }
  return text.length;
}

/** Only where the statement says nothing of the new table but its bounds. */
function fixes(context: StatementContext, create: CreateStmt, make: string, attach: string): Fix[] {
  const says = ['tableElts', 'partspec', 'options', 'tablespacename', 'accessMethod', 'if_not_exists'] as const;
  const isPermanent = create.relation?.relpersistence === 'p';
  if (!isPermanent || context.inside || says.some((field) => create[field] !== undefined)) return [];
  const edit = replaceStatement(context.statement, `${make}\n${attach.replace(/;$/, '')}`);
  return [fix(context, 'Create the table on its own, then attach it', [edit])];
}
