import { alterTableCommands, fieldsOf } from '../sql/nodes';
import type { Check } from './check';
import { failsInShadow, headOf } from './support/evidence';
import { fix } from './support/fixes';
import { statedConstraints, tokensOfConstraint, wordsAmong } from './support/stated-constraints';

const message =
  'Rows that break the constraint are written without an error, and whoever reads the definition takes the rule for granted. The server neither checks old rows nor new ones, and the planner does not use it. For a rule that old rows may break, NOT VALID checks new ones at once and VALIDATE CONSTRAINT the old ones later.';

export const check: Check = {
  id: 'constraint-not-enforced',
  hazards: ['P94'],
  group: 'advice',
  severity: 'hint',
  summary: 'A constraint is not enforced, so rows that break it are accepted.',
  *statement(context) {
    const { statement } = context;
    if (failsInShadow(context)) return;
    for (const { constraint, how } of statedConstraints(statement.node)) {
      const isOff = constraint['contype'] === 'CONSTR_ATTR_NOT_ENFORCED' || constraint['skip_validation'] === true;
      const range = isOff ? wordsAmong(tokensOfConstraint(statement, constraint), ['not', 'enforced']) : undefined;
      if (!range) continue;
      const before = /\s*$/.exec(statement.text.slice(0, range.start - statement.start))?.[0].length ?? 0;
      const words = { start: range.start - before, end: range.end };
      yield { range, message, fixes: how === 'create' ? [fix(context, 'Enforce the constraint', [{ range: words, newText: '' }])] : [] };
    }
    for (const { subtype, def } of statement.node ? alterTableCommands(statement.node) : []) {
      const change = subtype === 'AT_AlterConstraint' ? fieldsOf(def, 'ATAlterConstraint') : undefined;
      if (change?.['alterEnforceability'] === true && change['is_enforced'] !== true) yield { range: headOf(statement), message };
    }
  },
};
