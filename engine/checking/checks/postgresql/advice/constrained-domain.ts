import { asNodes, fieldsOf, nameFromList } from '../../../../databases/postgresql/sql/untyped-nodes';
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
    const constraints = asNodes(domain['constraints']).flatMap((node) => {
      const constraint = fieldsOf(node, 'Constraint');
      return constraint && /^CONSTR_(?:CHECK|NOTNULL)$/.test(String(constraint['contype'])) ? [constraint] : [];
    });
    if (constraints.length === 0) return;
    const name = nameFromList(domain['domainname'])?.name ?? '';
    yield {
      range: rangeOf(statement, /\bdomain\s+[^\s]+/i) ?? headOf(statement),
      message: `Constrains domain ${name}: changing the constraint scans every table that uses it`,
      details:
        'The scans block writes. ADD COLUMN of this domain rewrites the table, and its NOT NULL does not apply to NULLs from outer joins and subqueries.',
      advice: 'Use the base type, and add the constraint to each table.',
    };
  },
};
