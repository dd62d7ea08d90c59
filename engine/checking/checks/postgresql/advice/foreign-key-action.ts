import type { TextRange } from '../../../../core/text';
import { listed } from '../../../../core/wording';
import type { Check } from '../../check';
import { displayName, failsInShadow, relationOf } from '../support/evidence';
import { fix } from '../support/fixes';
import { statedConstraints, tokensOfConstraint, wordsAmong } from '../support/stated-constraints';
import type { Token } from '../support/statement-tokens';

/** Rows of the referenced table from which a cascade is reported: deletes there are seldom of one row. */
const manyRows = 100_000;

export const check: Check = {
  id: 'foreign-key-action',
  hazards: ['P87'],
  severity: 'hint',
  optIn: true,
  summary: 'Adds a foreign key without an ON DELETE action, or one that cascades deletes from a large table.',
  *statement(context) {
    const { statement, project } = context;
    if (failsInShadow(context)) return;
    for (const { table, constraint, columns } of statedConstraints(statement.node)) {
      if (constraint['contype'] !== 'CONSTR_FOREIGN') continue;
      const parent = relationOf(constraint['pktable']);
      const tokens = referenceTokens(tokensOfConstraint(statement, constraint));
      const reference = endOfReference(tokens);
      if (!reference) continue;
      const action = wordsAmong(tokens, ['on', 'delete']);
      const rows = project.statistics?.tables.get(parent)?.rows ?? 0;
      if (!action) {
        yield {
          range: reference,
          message: `Rejects deletes of referenced rows in ${displayName(parent)}: no ON DELETE action is stated`,
          details: `Rows of ${displayName(table)} reference them by ${listed(columns)}. The script does not show whether the default, NO ACTION, is intended.`,
          advice: 'State the action: ON DELETE NO ACTION, RESTRICT, CASCADE or SET NULL.',
          fixes: [fix(context, 'State ON DELETE NO ACTION, the default', [insertion(reference.end)], false)],
        };
      } else if (constraint['fk_del_action'] === 'c' && rows >= manyRows) {
        yield {
          range: wordsAmong(tokens, ['on', 'delete', 'cascade']) ?? action,
          message: `Cascades deletes from ${displayName(parent)}, which has ${rows.toLocaleString('en')} rows, to ${displayName(table)}`,
          details: 'One DELETE also deletes all referencing rows and keeps them locked until its transaction ends.',
          advice: 'Use ON DELETE RESTRICT, and delete the referencing rows in batches first.',
        };
      }
    }
  },
};

function insertion(at: number): { range: TextRange; newText: string } {
  return { range: { start: at, end: at }, newText: ' ON DELETE NO ACTION' };
}

/** From REFERENCES on; another constraint of the same column may follow. */
function referenceTokens(tokens: readonly Token[]): readonly Token[] {
  const first = tokens.findIndex(({ kind, text }) => kind === 'word' && text.toLowerCase() === 'references');
  return first < 0 ? [] : tokens.slice(first);
}

/** From REFERENCES to the end of the referenced columns and MATCH. */
function endOfReference(tokens: readonly Token[]): TextRange | undefined {
  const [first] = tokens;
  if (!first) return undefined;
  let at = 1;
  while (tokens[at + 1]?.text === '.') at += 2;
  if (tokens[at + 1]?.text === '(') {
    at++;
    while (tokens[at + 1] && !(tokens[at]?.text === ')' && tokens[at]?.depth === first.depth)) at++;
  }
  if (/^match$/i.test(tokens[at + 1]?.text ?? '')) at += 2;
  const last = tokens[at];
  return last && { start: first.start, end: last.end };
}
