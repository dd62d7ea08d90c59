import type { Replacement } from '../../core/replacement';
import type { TextRange } from '../../core/text';
import { baseName } from '../../core/paths';
import { Lexer } from '../../databases/postgresql/sql/lexer';
import type { FlywaySettings } from './flyway-settings';

interface FlywayPlaceholders {
  /** Those without a value are replaced by a name, so that the rest of the script can be judged. */
  readonly replacements: readonly Replacement[];
  /** Placeholders for which the settings have no value, each name once. */
  readonly unknown: readonly { readonly range: TextRange; readonly text: string; readonly name: string }[];
}

/**
 * The placeholders of a script and their values: those of the settings, whatever the case of their names, and those that Flyway
 * gives itself (`flyway:defaultSchema`, ...). User and database stand for those of the embedded server. Comments are left alone.
 */
export function flywayPlaceholders(text: string, settings: FlywaySettings, file: string): FlywayPlaceholders {
  const { placeholderPrefix: prefix, placeholderSuffix: suffix } = settings;
  const replacements: Replacement[] = [];
  const unknown: FlywayPlaceholders['unknown'][number][] = [];
  if (!text.includes(prefix)) return { replacements, unknown };
  const comments = commentsIn(text);
  for (let start = text.indexOf(prefix); start >= 0; start = text.indexOf(prefix, start + 1)) {
    const close = text.indexOf(suffix, start + prefix.length);
    if (close < 0) break;
    if (comments.some((comment) => comment.start <= start && start < comment.end)) continue;
    const range = { start, end: close + suffix.length };
    const name = text.slice(start + prefix.length, close);
    const value = settings.placeholders.get(name.toLowerCase()) ?? ownValue(name.toLowerCase(), settings, file);
    const isNew = !unknown.some((each) => each.name === name);
    if (value === undefined && isNew) unknown.push({ range, text: text.slice(range.start, range.end), name });
    if (value === undefined) replacements.push({ ...range, value: `p_${name.replace(/\W+/g, '_').toLowerCase()}`, guessed: true });
    else replacements.push({ ...range, value });
    start = close;
  }
  return { replacements, unknown };
}

function ownValue(name: string, settings: FlywaySettings, file: string): string | undefined {
  switch (name) {
    case 'flyway:defaultschema':
      return settings.defaultSchema;
    case 'flyway:user':
    case 'flyway:database':
      return 'postgres';
    case 'flyway:timestamp':
      return '2000-01-01 00:00:00';
    case 'flyway:filename':
      return baseName(file);
    case 'flyway:table':
      return settings.table;
    case 'flyway:environment':
      return 'default';
    case 'flyway:workingdirectory':
      return '.';
    default:
      return undefined;
  }
}

function commentsIn(text: string): TextRange[] {
  const lexer = new Lexer(text);
  const comments: TextRange[] = [];
  for (let at = 0; lexer.read(at, text.length); at = lexer.end) {
    if (lexer.kind === 'comment' || lexer.kind === 'line-comment') comments.push({ start: lexer.start, end: lexer.end });
  }
  return comments;
}
