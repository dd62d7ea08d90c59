import type { Fix } from '../../../../core/finding';
import { fieldsOf, nameFromList } from '../../../../databases/postgresql/sql/nodes';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { headOf } from '../support/evidence';
import { appendTo, fix } from '../support/fixes';
import { tableWork, workFinding } from '../support/table-work';

export const check: Check = {
  id: 'domain-constraint-validates',
  hazards: ['P9', 'P88'],
  severity: 'warning',
  looksInside: true,
  summary: 'Checks a domain constraint in every table that uses the domain, under locks that block writes.',
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
    const message = `Blocks writes to all tables that use ${change.domain}: ALTER DOMAIN scans them (SHARE)`;
    yield { range: headOf(context.statement), verified: false, message, advice, fixes };
  },
};

interface DomainChange {
  readonly kind: 'ADD CONSTRAINT' | 'SET NOT NULL' | 'VALIDATE CONSTRAINT';
  readonly domain: string;
  /** The name as SQL. */
  readonly written: string;
  /** The constraint as SQL; the name that PostgreSQL chooses where the statement gives none. */
  readonly constraint: string;
}

/** What the statement makes PostgreSQL check in the columns of a domain. */
function checkingChange({ statement }: StatementContext): DomainChange | undefined {
  const alter = fieldsOf(statement.node, 'AlterDomainStmt');
  const name = nameFromList(alter?.typeName);
  if (!alter || name === undefined) return undefined;
  const added = fieldsOf(alter.def, 'Constraint');
  const constraint = identifier(added?.conname ?? `${name.name}_check`);
  const written = [name.schema, name.name].flatMap((part) => (part === undefined ? [] : identifier(part))).join('.');
  const change = { domain: name.name, written, constraint };
  if (alter.subtype === 'O') return { kind: 'SET NOT NULL', ...change };
  if (alter.subtype === 'V') return { kind: 'VALIDATE CONSTRAINT', ...change };
  return alter.subtype === 'C' && added?.skip_validation !== true ? { kind: 'ADD CONSTRAINT', ...change } : undefined;
}

/** True where it is unknown which tables have columns of the domain. */
function isUnknown({ project, migration, observation }: StatementContext, domain: string): boolean {
  if (observation === undefined || observation.error?.gaveUp !== undefined) return true;
  return !project.completeHistory && migration.assumed.some(({ object }) => object.startsWith('domain ') && object.endsWith(`.${domain}`));
}

function adviceOn({ kind, domain, written, constraint }: DomainChange): string {
  switch (kind) {
    case 'ADD CONSTRAINT':
      return `Add the constraint NOT VALID, which skips the scan, and validate it in a later migration when the load is low: ALTER DOMAIN ${written} VALIDATE CONSTRAINT ${constraint};`;
    case 'SET NOT NULL':
      return `Add a constraint NOT VALID instead, and validate it in a later migration when the load is low: ALTER DOMAIN ${written} ADD CONSTRAINT ${identifier(`${domain}_not_null`)} CHECK (VALUE IS NOT NULL) NOT VALID;`;
    case 'VALIDATE CONSTRAINT':
      return 'Run it when the load is low. PostgreSQL cannot validate a domain constraint without blocking writes.';
  }
}

function notValid(context: StatementContext): Fix[] {
  const constraint = fieldsOf(fieldsOf(context.statement.node, 'AlterDomainStmt')?.def, 'Constraint');
  if (constraint?.contype !== 'CONSTR_CHECK') return [];
  return [fix(context, 'Add the constraint NOT VALID (validate it in a later migration)', [appendTo(context.statement, ' NOT VALID')])];
}
