import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Check } from '../../check';
import { definitionsIn } from '../../../../databases/postgresql/sql/definitions';
import { failsInShadow } from '../support/evidence';
import { fix } from '../support/fixes';
import { nameOf, type Token, tokensOf } from '../support/statement-tokens';

export const check: Check = {
  id: 'naming-policy',
  hazards: ['P85'],
  severity: 'hint',
  optIn: true,
  summary: 'Creates a name that has to be quoted everywhere, or that PostgreSQL stores in lower case.',
  looksAhead: true,
  *statement(context) {
    const { statement } = context;
    if (failsInShadow(context)) return;
    const made = new Set(definitionsIn(statement.node).flatMap(({ action, name }) => (action === 'create' ? [name] : [])));
    for (const token of tokensOf(statement)) {
      const name = nameOf(token) ?? '';
      if (!made.delete(name)) continue;
      const range = { start: token.start, end: token.end };
      const trouble = troubleWith(token, name);
      if (trouble === 'folded') {
        yield {
          range,
          message: `Stores ${token.text} as ${name}: PostgreSQL folds unquoted names to lower case`,
          details: `Quoted names and queries of the catalog do not find ${token.text}.`,
          advice: 'Write the name in lower case, with underscores between the words.',
          fixes: [fix(context, `Write ${name}`, [{ range, newText: name }])],
        };
      } else if (trouble) {
        yield {
          range,
          message: `Queries must quote ${token.text}: ${trouble}`,
          details: 'Without quotes they fail. Every client and tool has to add them.',
          advice: 'Choose a name of lower-case letters, digits and underscores that is not a reserved word.',
        };
      }
    }
  },
};

function troubleWith({ kind, text }: Token, name: string): string | undefined {
  if (kind === 'word') return /\p{Ll}.*\p{Lu}/u.test(text) ? 'folded' : undefined;
  if (identifier(name) === name || /^[\p{Ll}_][\p{Ll}\p{N}_$]*$/u.test(name) !== /^[a-z_][a-z0-9_$]*$/.test(name)) return undefined;
  if (/\p{Lu}/u.test(name)) return 'it contains capital letters';
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? 'it is a reserved word' : 'it contains characters that need quotes';
}
