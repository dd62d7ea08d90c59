import type { CreateDomainStmt } from '@pgsql/types';
import type { RelatedPlace } from '../../../../core/finding';
import { fieldsOf, fieldsOfEach, nameFromList } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { MigrationContext, StatementContext } from '../../../context/context';
import { statedType } from '../support/column-types';
import { headOf } from '../support/evidence';
import { type CauseInStatement, causesIn, workCausedBy } from '../support/lock-causes';
import { workFinding } from '../support/table-work';

export const check: Check = {
  id: 'constrained-domain-column-rewrites',
  hazards: ['P15'],
  severity: 'warning',
  summary: 'Adds a column of a domain with a constraint, which rewrites the whole table under a lock.',
  looksInside: true,
  *statement(context) {
    const caused = workCausedBy(context, 'column-type');
    const { node } = context.statement;
    if (!caused || !node) return;
    const isShared = causesIn(node).some(({ cause, does }) => cause !== 'column-type' && does.includes('rewrite'));
    const columns = caused.causes.map((each) => ({ each, domain: domainOf(context, each) }));
    // With another cause of the rewrite beside it, only a known domain with a constraint makes this column one too.
    const causing = isShared ? columns.filter(({ domain }) => domain?.isConstrained) : columns;
    if (causing.length === 0) return;
    const domain = causing.find((column) => column.domain)?.domain;
    yield workFinding(context, caused.works, {
      details: `PostgreSQL rewrites every row to check the constraint of the domain${domain ? ` ${domain.name}` : ''}, although the new column is empty.`,
      advice: `Give the column the base type of the domain${domain ? ` (${domain.base})` : ''}, add the condition with ADD CONSTRAINT ... CHECK (...) NOT VALID, and validate it in a later migration with VALIDATE CONSTRAINT.`,
      ...(domain && { related: [relatedTo(domain)] }),
    });
  },
};

interface Domain {
  readonly name: string;
  readonly base: string;
  readonly isConstrained: boolean;
  readonly migration: MigrationContext;
  readonly statement: ParsedStatement;
}

function relatedTo({ name, migration, statement }: Domain): RelatedPlace {
  return { file: migration.up.script.file, range: headOf(statement), message: `Creates the domain ${name}.` };
}

/** The domain that is a column's type, where a script of the chain creates it. */
function domainOf(context: StatementContext, { column }: CauseInStatement): Domain | undefined {
  const name = nameFromList(column?.typeName)?.name;
  const found = context.project.chain.flatMap((migration) =>
    migration.up.statements.flatMap((statement): Domain[] => {
      const create = fieldsOf(statement.node, 'CreateDomainStmt');
      if (!create || name === undefined || nameFromList(create.domainname)?.name !== name) return [];
      return [{ name, base: statedType(create.typeName)?.text ?? '', isConstrained: hasConstraint(create), migration, statement }];
    }),
  );
  return found.at(-1);
}

function hasConstraint({ constraints }: CreateDomainStmt): boolean {
  return fieldsOfEach(constraints, 'Constraint').some(({ contype }) => contype === 'CONSTR_CHECK' || contype === 'CONSTR_NOTNULL');
}
