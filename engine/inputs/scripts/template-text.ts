import type { Replacement } from '../../core/replacement';
import { Lexer } from '../../databases/postgresql/sql/lexer';
import type { Migration, Script } from '../../core/scripts';

/**
 * What programs fill in before a script reaches the server: `{{ name }}` (Go, Jinja, Mustache), `<%= name %>` (ERB), `${name}`
 * (shells, Java), `$%NAME%$`, and the instructions `{% if %}`, `<% if %>`, `{# note #}`.
 */
const marks = /\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#[^{}]*#\}|<%[^<>]*%>|\$\{\w[\w.:-]*\}|\$%\w+%\$/g;
/** The same in a string or a body of a routine, where braces may be a value: `'{{1,2},{3,4}}'`, `format '${x}'`. */
const marksInText = /\{\{-?(?:\s+[\w.$"]|\.)[^{},]*\}\}|<%=[^<>]*%>/g;

const instructions =
  /^(?:if|else|elif|elsif|end|endif|range|with|define|block|template|config|set|for|endfor|macro|endmacro|include|import|extends|do|raw|endraw)\b/;

/** The same migration with the templates in its scripts filled in: see `withoutTemplates`. */
export function filledIn(migration: Migration): Migration {
  const { up, down, verify } = migration;
  return { ...migration, up: withoutTemplates(up), down: down && withoutTemplates(down), verify: verify && withoutTemplates(verify) };
}

/**
 * Puts a name in place of each expression of a template, the same name for the same expression, and nothing in place of an
 * instruction, so that the rest of the script can be judged. A script that has none is returned as it is.
 */
function withoutTemplates(script: Script): Script {
  if (script.replacements || !/\{[{%#]|<%|\$[{%]/.test(script.sql)) return script;
  const replacements = expressions(script.sql);
  return replacements.length > 0 ? { ...script, replacements } : script;
}

function expressions(sql: string): Replacement[] {
  const texts = textsIn(sql);
  const found: Replacement[] = [];
  for (const [pattern, inText] of [
    [marks, false],
    [marksInText, true],
  ] as const) {
    for (const { 0: text, index: start } of sql.matchAll(pattern)) {
      const around = texts.find((each) => each.start <= start && start < each.end);
      if (around?.isComment || inText !== (around !== undefined)) continue;
      found.push({ start, end: start + text.length, value: standIn(text), guessed: true });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function standIn(text: string): string {
  const inner = text.replace(/^(?:\{[{%#]|<%=?|\$[{%])-?\s*|\s*-?(?:[}%#]\}|%>|\}|%\$)$/g, '');
  if (/^(?:\{[%#]|<%(?!=))/.test(text) || instructions.test(inner)) return '';
  const quoted = [...inner.matchAll(/"([^"]*)"|'([^']*)'/g)].map(([, double, single]) => double ?? single ?? '').at(-1);
  const words = (quoted ?? inner).match(/\w+/g) ?? [];
  return `t_${(quoted === undefined ? words.slice(-1) : words).join('_').toLowerCase()}`;
}

/** Names that stand for schemas which no script makes: what is filled in before a dot. */
export function filledInSchemas(migrations: readonly Migration[]): string[] {
  const scripts = migrations.flatMap(({ up, down }) => (down ? [up, down] : [up]));
  const used = new Set<string>();
  const made = new Set<string>();
  for (const { sql, replacements = [] } of scripts) {
    for (const { start, end, value } of replacements.filter(({ guessed, value }) => guessed && value !== '')) {
      if (sql[end] === '.') used.add(value);
      if (/\bcreate\s+schema\s+(?:if\s+not\s+exists\s+)?"?$/i.test(sql.slice(Math.max(0, start - 60), start))) made.add(value);
    }
  }
  return [...used].filter((name) => !made.has(name));
}

interface Text {
  readonly start: number;
  readonly end: number;
  readonly isComment: boolean;
}

/** Comments and strings, bodies of routines among them. */
function textsIn(sql: string): Text[] {
  const lexer = new Lexer(sql);
  const texts: Text[] = [];
  for (let at = 0; lexer.read(at, sql.length); at = lexer.end) {
    const isComment = lexer.kind === 'comment' || lexer.kind === 'line-comment';
    if (isComment || lexer.kind === 'string' || lexer.kind === 'dollar-quote')
      texts.push({ start: lexer.start, end: lexer.end, isComment });
  }
  return texts;
}
