import type { Finding } from '../../../core/finding';
import type { TextRange } from '../../../core/text';
import type { Statement } from '../../../databases/statement';
import { type ForeignComment, foreignComment, foreignSubjects } from './foreign-comments';

/** One name in an ignore comment. */
export interface IgnoreSubject {
  /** As written; empty for what a comment without names silences. */
  readonly name: string;
  /** Ids of checks, hazards and groups that it stands for; `*` for everything, none for a name that is not known. */
  readonly targets: readonly string[];
}

/**
 * `-- mem8-upgrade: ignore <names> <reason>` silences the next statement, `ignore-file` the whole file. Names are ids of checks,
 * hazards (`P1`) and groups, separated by commas. Comments of some other tools are honoured too.
 */
export interface IgnoreComment {
  readonly range: TextRange;
  readonly subjects: readonly IgnoreSubject[];
  readonly reason: string;
  readonly scope: 'statement' | 'file';
  /** The territory that is silenced, from the comment on. */
  readonly silences: TextRange;
  /** Set for a comment of another tool. */
  readonly foreign?: ForeignComment;
}

const anyComment = /^[ \t]*--(?<line>.*)$|^[ \t]*\/\*(?<block>[^\r\n]*?)\*\//gm;
const ownComment = /^mem8-upgrade:[ \t]*(?<scope>ignore-file|ignore)(?=\s|$)[ \t]*(?<rest>.*)$/;
const ownNames = /^[A-Za-z][A-Za-z0-9-]*(?:[ \t]*,[ \t]*[A-Za-z][A-Za-z0-9-]*)*/;

/** The ignore comments of a script. A comment after the last statement silences nothing but what is reported of itself. */
export function ignoreComments(text: string, statements: readonly Statement[]): IgnoreComment[] {
  if (!/ignore|nolint|disable|assured/.test(text)) return [];
  const read: { range: TextRange; own?: ReturnType<typeof readOwn>; foreign?: ForeignComment }[] = [];
  for (const match of text.matchAll(anyComment)) {
    const start = match.index + match[0].search(/\S/);
    const range = { start, end: match.index + match[0].trimEnd().length };
    const body = (match.groups?.['line'] ?? match.groups?.['block'] ?? '').trim();
    const own = readOwn(body);
    const foreign = own ? undefined : foreignComment(body);
    if (own) read.push({ range, own });
    else if (foreign) read.push({ range, foreign });
  }
  return read.flatMap(({ range, own, foreign }, index): IgnoreComment[] => {
    if (own) return [{ range, ...own, silences: territory(text, statements, range, own.scope) }];
    if (!foreign || foreign.scope === 'end') return [];
    const subjects = foreignSubjects(foreign);
    if (foreign.scope === 'start') {
      const end = read.slice(index + 1).find((later) => later.foreign?.scope === 'end' && isSameKind(later.foreign, foreign));
      const silences = { start: range.start, end: end?.range.start ?? text.length };
      return [{ range, subjects, reason: foreign.rest, scope: 'statement', silences, foreign }];
    }
    const scope = foreign.scope === 'file' || isAtlasHeader(text, foreign, range) ? 'file' : 'statement';
    return [{ range, subjects, reason: foreign.rest, scope, silences: territory(text, statements, range, scope), foreign }];
  });
}

/** Whether a comment silences a finding of its file: the subjects that do. */
export function silencing({ subjects, silences, foreign }: IgnoreComment, finding: Finding): IgnoreSubject[] {
  const { id, hazards, group, range } = finding;
  if (range.start < silences.start || range.start > silences.end) return [];
  if (foreign && id === 'foreign-ignore-comment') return [];
  const isMeant = (target: string) =>
    target === id || target === group || hazards.includes(target) || (target === '*' && !(foreign && stopsUpgrade(finding)));
  return subjects.filter(({ targets }) => targets.some(isMeant));
}

/** True for what no linter could have told its reader, so that a comment without rules for another tool cannot mean it. */
function stopsUpgrade({ group, severity }: Finding): boolean {
  return group === 'syntax' || group === 'manifest' || group === 'history' || (group === 'execution' && severity === 'error');
}

/** The line to insert above a statement to ignore a check there. */
export function ignoreCommentFor(checkId: string): string {
  return `-- mem8-upgrade: ignore ${checkId} reason: `;
}

function readOwn(body: string): Pick<IgnoreComment, 'subjects' | 'reason' | 'scope'> | undefined {
  const groups = ownComment.exec(body)?.groups;
  if (!groups) return undefined;
  const rest = groups['rest'] ?? '';
  const names = ownNames.exec(rest)?.[0] ?? '';
  const subjects = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => ({ name, targets: [/^[a-z]+\d+$/i.test(name) ? name.toUpperCase() : name] }));
  return { subjects, reason: rest.slice(names.length).trim(), scope: groups['scope'] === 'ignore-file' ? 'file' : 'statement' };
}

function territory(text: string, statements: readonly Statement[], range: TextRange, scope: IgnoreComment['scope']): TextRange {
  if (scope === 'file') return { start: 0, end: text.length };
  const inside = statements.find((statement) => statement.start < range.start && range.end <= statement.end);
  if (inside) return { start: inside.start, end: inside.end };
  const next = statements.find((statement) => statement.start >= range.end);
  return { start: range.start, end: next?.end ?? range.end };
}

function isSameKind(a: ForeignComment, b: ForeignComment): boolean {
  return a.tool === b.tool && String(a.rules) === String(b.rules);
}

/** Atlas takes a comment for the whole file when it is among the file's first lines and an empty line follows them. */
function isAtlasHeader(text: string, { tool }: ForeignComment, { start }: TextRange): boolean {
  if (tool !== 'Atlas') return false;
  const header = /^\uFEFF?\s*(?:--[^\r\n]*\r?\n|\/\*[^\r\n]*\*\/[ \t]*\r?\n)*/.exec(text)?.[0] ?? '';
  return start < header.length && /^[ \t]*(?:\r?\n|$)/.test(text.slice(header.length));
}
