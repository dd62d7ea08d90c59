import type { Replacement } from '../core/replacement';
import type { Migration, Script } from './migration';

const placeholder = /\{\{-?\s*([\w.$]+(?:\s+[\w.$"'`]+)*)\s*-?\}\}/g;

/**
 * Scripts in which the schema is a placeholder of a template (`{{ .Schema }}.item`), as programs fill them in before they send them. What they
 * put there is not known: a name made of the placeholder stands for it, in all of its places.
 */
export function withTemplates(migration: Migration): Migration {
  const filled = (script: Script | undefined) => script && withTemplate(script);
  const { up, down, verify } = migration;
  return { ...migration, up: withTemplate(up), down: filled(down), verify: filled(verify) };
}

function withTemplate(script: Script): Script {
  const { sql } = script;
  if (script.replacements || !/\}\}"?\.["\w]/.test(sql)) return script;
  const found = [...sql.matchAll(placeholder)];
  const schemas = new Set(found.filter(({ index, 0: text }) => /^"?\.["\w]/.test(sql.slice(index + text.length))).map(valueOf));
  const replacements = found.flatMap((match): Replacement[] =>
    schemas.has(valueOf(match)) ? [{ start: match.index, end: match.index + match[0].length, value: valueOf(match), guessed: true }] : [],
  );
  return replacements.length === 0 ? script : { ...script, replacements };
}

/** The last word of a placeholder as an unquoted name. */
function valueOf([, words = '']: RegExpMatchArray): string {
  return `p_${words.split(/\W+/).filter(Boolean).at(-1)?.toLowerCase() ?? 'schema'}`;
}

/** The schemas for which placeholders of templates stand. */
export function templateSchemas(migrations: readonly Migration[]): string[] {
  const names = migrations.flatMap(({ up }) =>
    (up.replacements ?? []).flatMap(({ start, end, value, guessed }) =>
      guessed && up.sql.startsWith('{{', start) && /^"?\.["\w]/.test(up.sql.slice(end, end + 3)) ? [value] : [],
    ),
  );
  return [...new Set(names)];
}
