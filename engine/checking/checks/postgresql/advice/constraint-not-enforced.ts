import type { RelationName } from '../../../../databases/observation';
import { alterTableCommands, fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { Check, FindingDraft } from '../../check';
import { displayName, failsInShadow, headOf, relationOf } from '../support/evidence';
import { fix } from '../support/fixes';
import { statedConstraints, tokensOfConstraint, wordsAmong } from '../support/stated-constraints';

export const check: Check = {
  id: 'constraint-not-enforced',
  hazards: ['P94'],
  severity: 'hint',
  summary: 'Declares a constraint NOT ENFORCED, so rows that violate it are accepted.',
  *statement(context) {
    const { statement } = context;
    if (failsInShadow(context)) return;
    for (const { table, constraint, how } of statedConstraints(statement.node)) {
      const isOff = constraint.contype === 'CONSTR_ATTR_NOT_ENFORCED' || constraint.skip_validation === true;
      const range = isOff ? wordsAmong(tokensOfConstraint(statement, constraint), ['not', 'enforced']) : undefined;
      if (!range) continue;
      const before = /\s*$/.exec(statement.text.slice(0, range.start - statement.start))?.[0].length ?? 0;
      const words = { start: range.start - before, end: range.end };
      yield {
        range,
        ...textFor(table, constraint.conname),
        fixes: how === 'create' ? [fix(context, 'Enforce the constraint', [{ range: words, newText: '' }])] : [],
      };
    }
    for (const { subtype, def } of alterTableCommands(statement.node)) {
      const change = subtype === 'AT_AlterConstraint' ? fieldsOf(def, 'ATAlterConstraint') : undefined;
      if (change?.alterEnforceability !== true || change.is_enforced === true) continue;
      const table = relationOf(fieldsOf(statement.node, 'AlterTableStmt')?.relation);
      yield { range: headOf(statement), ...textFor(table, change.conname) };
    }
  },
};

function textFor(table: RelationName, constraint: string | undefined): Pick<FindingDraft, 'message' | 'details' | 'advice'> {
  return {
    message: `Accepts rows of ${displayName(table)} that violate ${constraint ?? 'the constraint'}: it is NOT ENFORCED`,
    details: 'PostgreSQL checks neither existing nor new rows, and the planner does not use the constraint.',
    advice:
      'Enforce the constraint. If existing rows may violate it, add it NOT VALID, which checks new rows, and run VALIDATE CONSTRAINT later.',
  };
}
