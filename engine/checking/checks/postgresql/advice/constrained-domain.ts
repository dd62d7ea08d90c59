import { fieldsOf, fieldsOfEach, nameFromList } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import { failsInShadow, headOf } from '../support/evidence';
import { rangeOf } from '../support/fixes';

export const check: Check = {
  id: 'constrained-domain',
  hazards: ['P88'],
  severity: 'hint',
  summary: 'Creates a domain with constraints, which cannot be changed without scanning every table that uses it.',
  *statement(context) {
    const { statement } = context;
    const domain = fieldsOf(statement.node, 'CreateDomainStmt');
    if (!domain || failsInShadow(context)) return;
    const kinds = fieldsOfEach(domain.constraints, 'Constraint').map(({ contype }) => contype);
    if (!kinds.includes('CONSTR_CHECK') && !kinds.includes('CONSTR_NOTNULL')) return;
    const name = nameFromList(domain.domainname)?.name ?? '';
    yield {
      range: rangeOf(statement, /\bdomain\s+[^\s]+/i) ?? headOf(statement),
      message: `Constrains domain ${name}: changing the constraint scans every table that uses it`,
      details:
        'The scans block writes. ADD COLUMN of this domain rewrites the table, and its NOT NULL does not apply to NULLs from outer joins and subqueries.',
      advice: 'Use the base type, and add the constraint to each table.',
    };
  },
};
