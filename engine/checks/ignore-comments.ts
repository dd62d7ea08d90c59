import type { TextRange } from '../core/text';
import type { Statement } from '../sql/statement';

/** `-- mem8-upgrade: ignore <check-id> <reason>` silences the next statement, `ignore-file` the whole file. */
export interface IgnoreComment {
  readonly range: TextRange;
  readonly checkId: string;
  readonly reason: string;
  readonly scope: 'statement' | 'file';
  /** The territory that is silenced. */
  readonly silences: TextRange;
}

const pattern = /^[ \t]*--[ \t]*mem8-upgrade:[ \t]*(ignore-file|ignore)[ \t]+([a-z0-9-]+)[ \t]*(.*?)[ \t]*$/gm;

/** The ignore comments of a script. A comment after the last statement silences nothing and is reported as unused. */
export function ignoreComments(text: string, statements: readonly Statement[]): IgnoreComment[] {
  const comments: IgnoreComment[] = [];
  for (const match of text.matchAll(pattern)) {
    const start = match.index + match[0].search(/\S/);
    const range = { start, end: match.index + match[0].trimEnd().length };
    const scope = match[1] === 'ignore-file' ? 'file' : 'statement';
    const next = statements.find((statement) => statement.start >= range.end);
    const inside = statements.find((statement) => statement.start < range.start && range.end <= statement.end);
    const silences = scope === 'file' ? { start: 0, end: text.length } : (inside ?? next ?? range);
    comments.push({
      range,
      checkId: match[2] ?? '',
      reason: match[3] ?? '',
      scope,
      silences: { start: silences.start, end: silences.end },
    });
  }
  return comments;
}

/** The line to insert above a statement to ignore a check there. */
export function ignoreCommentFor(checkId: string): string {
  return `-- mem8-upgrade: ignore ${checkId} reason: `;
}
