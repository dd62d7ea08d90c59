import { identifier } from '../sql/quoting';
import type { Check } from './check';
import { definitionsIn } from './support/definitions';
import { failsInShadow } from './support/evidence';
import { fix } from './support/fixes';
import { nameOf, type Token, tokensOf } from './support/statement-tokens';

export const check: Check = {
  id: 'naming-policy',
  hazards: ['P85'],
  group: 'advice',
  severity: 'hint',
  optIn: true,
  summary: 'A name must be quoted wherever it is used, or is not what it looks like.',
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
          message: `The name in the database is ${name}: the server folds what is not quoted to lower case, so whoever looks for ${token.text} in the catalog or by a quoted name does not find it. Write it as it is, in lower case with underscores.`,
          fixes: [fix(context, `Write ${name}`, [{ range, newText: name }])],
        };
      } else if (trouble) {
        yield {
          range,
          message: `Every query that names ${token.text} without quotes fails, because ${trouble}; people, dumps and tools have to quote it from now on. Choose a name of lower case letters, digits and underscores.`,
        };
      }
    }
  },
};

function troubleWith({ kind, text }: Token, name: string): string | undefined {
  if (kind === 'word') return /\p{Ll}.*\p{Lu}/u.test(text) ? 'folded' : undefined;
  if (identifier(name) === name || /^[\p{Ll}_][\p{Ll}\p{N}_$]*$/u.test(name) !== /^[a-z_][a-z0-9_$]*$/.test(name)) return undefined;
  if (/\p{Lu}/u.test(name)) return 'it has capital letters';
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? 'it is a reserved word' : 'it has characters that names have only in quotes';
}
