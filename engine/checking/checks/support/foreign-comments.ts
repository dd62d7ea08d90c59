import { type ForeignTool, targetsOf } from './foreign-rules';

/** An ignore comment of another tool. */
export interface ForeignComment {
  readonly tool: ForeignTool;
  /** `start` and `end` enclose what is silenced. */
  readonly scope: 'statement' | 'file' | 'start' | 'end';
  /** Rules as written; none for a comment that silences everything. */
  readonly rules: readonly string[];
  /** What follows the rules: the reason. */
  readonly rest: string;
}

interface Syntax {
  readonly tool: ForeignTool;
  /** Groups: `scope` (what follows the key word), `rest` (rules and reason). */
  readonly pattern: RegExp;
  /** Which part of `rest` names rules. */
  readonly rules: RegExp;
}

const list = /^[\w-]+(?:\s*,\s*[\w-]+)*/;
const codes = /^[a-z]{1,2}\d+(?:[\s,]+[a-z]{1,2}\d+)*\b/i;

/** As the tools document them: the text of the comment without its marks. */
const syntaxes: readonly Syntax[] = [
  { tool: 'squawk', pattern: /^squawk-ignore(?<scope>-file)?(?::|(?=\s|$))\s*(?<rest>.*)$/, rules: list },
  { tool: 'Atlas', pattern: /^atlas:nolint(?=\s|$)\s*(?<rest>.*)$/, rules: /^\w+(?:[\s,]+\w+)*/ },
  { tool: 'eugene', pattern: /^eugene:?\s+ignore(?=\s|$)\s*(?<rest>.*)$/, rules: codes },
  {
    tool: 'Postgres Language Server',
    pattern: /^(?:pgt|pgls)-ignore(?<scope>-all|-start|-end)?(?=\s|$)\s*(?<rest>.*)$/,
    rules: /^[\w/]+/,
  },
  { tool: 'MigrationPilot', pattern: /^migrationpilot-disable(?<scope>-file|-next-line)?(?=\s|$)\s*(?<rest>.*)$/, rules: codes },
  { tool: 'pgfence', pattern: /^pgfence(?:-ignore(?::|(?=\s|$))|:\s*ignore(?=\s|$))\s*(?<rest>.*)$/, rules: list },
  {
    tool: 'strong_migrations',
    pattern: /^(?:strong_migrations:\s*)?safety[-_]assured(?<scope>:start|:end)?(?=\s|:|$)[\s:]*(?<rest>.*)$/,
    rules: /^(?!)/,
  },
];

const scopes: Readonly<Record<string, ForeignComment['scope']>> = {
  '-file': 'file',
  '-all': 'file',
  '-start': 'start',
  ':start': 'start',
  '-end': 'end',
  ':end': 'end',
};

/** Reads the text of a comment, its marks and the white space around it removed. Undefined for any other comment. */
export function foreignComment(body: string): ForeignComment | undefined {
  for (const { tool, pattern, rules: rulesPattern } of syntaxes) {
    const groups = pattern.exec(body)?.groups;
    if (!groups) continue;
    const rest = groups['rest'] ?? '';
    const named = rulesPattern.exec(rest)?.[0] ?? '';
    return {
      tool,
      scope: scopes[groups['scope'] ?? ''] ?? 'statement',
      rules: named.split(/[\s,]+/).filter((rule) => rule !== ''),
      rest: rest.slice(named.length).replace(/^[\s:-]+/, ''),
    };
  }
  return undefined;
}

/** What the comment silences, rule by rule. */
export function foreignSubjects({ tool, rules }: ForeignComment): { name: string; targets: readonly string[] }[] {
  if (rules.length === 0) return [{ name: '', targets: ['*'] }];
  return rules.map((name) => ({ name, targets: targetsOf(tool, name) ?? [] }));
}
