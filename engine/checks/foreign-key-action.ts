import type { TextRange } from '../core/text';
import type { Check } from './check';
import { displayName, failsInShadow, relationOf } from './support/evidence';
import { fix } from './support/fixes';
import { statedConstraints, tokensOfConstraint, wordsAmong } from './support/stated-constraints';
import type { Token } from './support/statement-tokens';

/** Rows of the referenced table from which a cascade is worth a word: deletes there are seldom of one row. */
const manyRows = 100_000;

export const check: Check = {
  id: 'foreign-key-action',
  hazards: ['P87'],
  group: 'advice',
  severity: 'hint',
  optIn: true,
  summary: 'A foreign key does not say what deletes do, or deletes along with a large table.',
  *statement(context) {
    const { statement, project } = context;
    if (failsInShadow(context)) return;
    for (const { constraint, columns } of statedConstraints(statement.node)) {
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
          message: `Deletes in ${displayName(parent)} fail while rows of ${columns.join(', ')} refer to them, and nobody can see whether that is meant. Say what a delete does: ON DELETE RESTRICT or NO ACTION, CASCADE, or SET NULL.`,
          fixes: [fix(context, 'Say ON DELETE NO ACTION, which is what happens now', [insertion(reference.end)], false)],
        };
      } else if (constraint['fk_del_action'] === 'c' && rows >= manyRows) {
        yield {
          range: wordsAmong(tokens, ['on', 'delete', 'cascade']) ?? action,
          message: `One DELETE in ${displayName(parent)}, which has ${rows.toLocaleString('en')} rows, deletes the rows that refer to it too, in one transaction that locks them all. Use ON DELETE RESTRICT and delete the referring rows in batches first.`,
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
