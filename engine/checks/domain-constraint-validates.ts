import type { Fix } from '../core/finding';
import { asNode, asText, fieldsOf, nameFromList } from '../sql/nodes';
import type { Check, StatementContext } from './check';
import { headOf } from './support/evidence';
import { appendTo, fix } from './support/fixes';
import { tableWork, workFinding } from './support/table-work';

export const check: Check = {
  id: 'domain-constraint-validates',
  hazards: ['P9', 'P88'],
  group: 'locks',
  severity: 'warning',
  looksInside: true,
  summary: 'A new constraint of a domain is checked in every table with a column of it while their writes wait.',
  *statement(context) {
    const change = checkingChange(context);
    if (!change) return;
    const works = tableWork(context).filter(({ work }) => work !== 'none');
    const advice = adviceOn(change);
    const fixes = change.kind === 'ADD CONSTRAINT' && !context.inside ? notValid(context) : [];
    if (works.length > 0) {
      const draft = workFinding(context, works, { advice, fixes });
      yield change.kind === 'VALIDATE CONSTRAINT' ? { ...draft, severity: 'info' } : draft;
      return;
    }
    if (change.kind === 'VALIDATE CONSTRAINT' || !isUnknown(context, change.domain)) return;
    const message = `Writes of every table with a column of type ${change.domain} wait while all of them are read (SHARE lock). ${advice}`;
    yield { range: headOf(context.statement), verified: false, message, fixes };
  },
};

interface DomainChange {
  readonly kind: 'ADD CONSTRAINT' | 'SET NOT NULL' | 'VALIDATE CONSTRAINT';
  readonly domain: string;
}

/** What the statement makes PostgreSQL check in the columns of a domain. */
function checkingChange({ statement }: StatementContext): DomainChange | undefined {
  const alter = fieldsOf(statement.node, 'AlterDomainStmt');
  const domain = nameFromList(alter?.['typeName'])?.name;
  if (!alter || domain === undefined) return undefined;
  if (alter['subtype'] === 'O') return { kind: 'SET NOT NULL', domain };
  if (alter['subtype'] === 'V') return { kind: 'VALIDATE CONSTRAINT', domain };
  const isChecked = alter['subtype'] === 'C' && fieldsOf(asNode(alter['def']), 'Constraint')?.['skip_validation'] !== true;
  return isChecked ? { kind: 'ADD CONSTRAINT', domain } : undefined;
}

/** True where nothing known says which tables have columns of the domain. */
function isUnknown({ project, migration, observation }: StatementContext, domain: string): boolean {
  if (observation === undefined || observation.error?.gaveUp !== undefined) return true;
  return !project.completeHistory && migration.assumed.some(({ object }) => object.startsWith('domain ') && object.endsWith(`.${domain}`));
}

function adviceOn({ kind, domain }: DomainChange): string {
  switch (kind) {
    case 'ADD CONSTRAINT':
      return 'Add it NOT VALID, which reads nothing and holds for all values written from then on, and validate it in a later migration at a quiet time.';
    case 'SET NOT NULL':
      return `Add CHECK (VALUE IS NOT NULL) NOT VALID to ${domain} instead, and validate it in a later migration at a quiet time.`;
    case 'VALIDATE CONSTRAINT':
      return 'Run it at a quiet time: for a domain there is no way that lets writes go on.';
  }
}

function notValid(context: StatementContext): Fix[] {
  const constraint = fieldsOf(asNode(fieldsOf(context.statement.node, 'AlterDomainStmt')?.['def']), 'Constraint');
  if (asText(constraint?.['contype']) !== 'CONSTR_CHECK') return [];
  return [fix(context, 'Add the constraint NOT VALID; validate it in a later migration', [appendTo(context.statement, ' NOT VALID')])];
}
