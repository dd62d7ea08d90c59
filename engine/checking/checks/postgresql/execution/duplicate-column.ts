import type { Fix } from '../../../../core/finding';
import type { TextRange } from '../../../../core/text';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { type DuplicateColumn, duplicateColumnsIn } from '../support/duplicate-names';
import { failsInShadow, headOf } from '../support/evidence';
import { failureFinding, failureFor } from '../support/failure-causes';
import { fix } from '../support/fixes';
import { listAround, nameOf, type Token, tokensOf } from '../support/statement-tokens';

const lists: Readonly<Record<DuplicateColumn['list'], string>> = {
  definition: 'is defined twice',
  assignments: 'is set twice in one statement',
  columns: 'is listed twice',
  key: 'is in the key twice',
  index: 'is in the index twice',
  statistics: 'is in the statistics twice',
  commands: 'is added twice by one statement',
};

export const check: Check = {
  id: 'duplicate-column',
  hazards: ['P56'],
  severity: 'error',
  summary: 'Names a column twice where PostgreSQL expects it once.',
  *statement(context) {
    const { statement, migration } = context;
    if (!statement.node || statement.error) return;
    const error = failureFor(context, 'duplicate-column');
    const duplicates = duplicateColumnsIn(statement.node);
    if (error && duplicates.length === 0) yield failureFinding(context, error);
    if (!error && failsInShadow(context)) return;
    for (const duplicate of duplicates) {
      const { name, list } = duplicate;
      const range = secondMention(context, duplicate);
      const refused = list !== 'index';
      yield {
        range: range ?? headOf(statement),
        severity: refused ? (migration.observation?.afterFailure ? 'warning' : 'error') : 'warning',
        message: `${refused ? 'Fails: column' : 'Column'} ${name} ${lists[list]}`,
        details: refused ? undefined : 'The second mention makes the index larger and no lookup faster.',
        verified: error !== undefined || (!refused && context.observation !== undefined),
        fixes: range && list !== 'columns' ? fixes(context, range, name) : [],
      };
    }
  },
};

/** Where the list names the column for the second time. */
function secondMention({ statement }: StatementContext, { name, list, location }: DuplicateColumn): TextRange | undefined {
  const tokens = tokensOf(statement);
  if (list === 'key' || location === undefined) {
    const from = location === undefined ? statement.start : statement.offsetOf(location);
    const open = tokens.findIndex((token) => token.start >= from && token.kind === 'open');
    return mentionsInList(tokens, open, name)[1];
  }
  const at = statement.offsetOf(location);
  return tokens.find((token) => token.start === at);
}

function mentionsInList(tokens: readonly Token[], open: number, name: string): Token[] {
  const depth = tokens[open]?.depth;
  if (depth === undefined) return [];
  const end = tokens.findIndex((token, at) => at > open && token.depth === depth);
  return tokens.slice(open + 1, end < 0 ? undefined : end).filter((token) => token.depth === depth + 1 && nameOf(token) === name);
}

/** Leaves out the second mention where the list holds the very same element twice. */
function fixes(context: StatementContext, second: TextRange, name: string): Fix[] {
  const items = listAround(context.statement, second.start, context.script.script.text) ?? [];
  const item = items.find(({ start, end }) => start <= second.start && second.start < end);
  if (!item?.comma || items.filter((other) => sameSql(other.text, item.text)).length !== 2) return [];
  return [fix(context, `Remove the second ${name}`, [{ range: { start: item.comma.start, end: item.end }, newText: '' }])];
}

function sameSql(a: string, b: string): boolean {
  const normalised = (text: string): string => text.replace(/\s+/g, ' ');
  return normalised(a) === normalised(b);
}
