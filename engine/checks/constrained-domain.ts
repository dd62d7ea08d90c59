import { asNodes, fieldsOf, nameFromList } from '../sql/nodes';
import type { Check } from './check';
import { failsInShadow, headOf } from './support/evidence';
import { rangeOf } from './support/fixes';

export const check: Check = {
  id: 'constrained-domain',
  hazards: ['P88'],
  group: 'advice',
  severity: 'hint',
  summary: 'A domain has constraints, which cannot be changed later without reading every column of the domain under locks.',
  *statement(context) {
    const { statement } = context;
    const domain = fieldsOf(statement.node, 'CreateDomainStmt');
    if (!domain || failsInShadow(context)) return;
    const rules = asNodes(domain['constraints']).flatMap((node) => {
      const constraint = fieldsOf(node, 'Constraint');
      return constraint && /^CONSTR_(?:CHECK|NOTNULL)$/.test(String(constraint['contype'])) ? [constraint] : [];
    });
    const [first] = rules;
    if (!first) return;
    const name = nameFromList(domain['domainname'])?.name ?? '';
    yield {
      range: rangeOf(statement, /\bdomain\s+[^\s]+/i) ?? headOf(statement),
      message: `Whoever changes the rule of ${name} later makes writes of every table with a column of that type wait while all of them are read, a column of this type that is added to a table makes the server rewrite it, and NOT NULL of a domain does not hold where an outer join or a subquery gives NULL. Use the plain type and state the rule as a constraint of each table.`,
    };
  },
};
