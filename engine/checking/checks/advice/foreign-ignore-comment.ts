import type { Fix } from '../../../core/finding';
import { listed, listedBriefly } from '../../../core/wording';
import type { Check, FindingDraft } from '../check';
import { type IgnoreComment, ignoreComments } from '../support/ignore-comments';

export const check: Check = {
  id: 'foreign-ignore-comment',
  hazards: [],
  severity: 'hint',
  summary: 'Silences checks with an ignore comment of another tool.',
  *script({ script, statements }, { up }) {
    const isReadAsUp = script.direction !== 'up' && script.file === up.script.file;
    if (isReadAsUp) return;
    for (const comment of ignoreComments(script.text, statements)) {
      if (!comment.foreign) continue;
      yield { range: comment.range, ...textOf(comment), fixes: fixesOf(comment, script.file) };
    }
  },
};

function textOf(comment: IgnoreComment): Pick<FindingDraft, 'message' | 'details' | 'advice'> {
  const { subjects, scope, foreign } = comment;
  const tool = foreign?.tool ?? '';
  const unknown = subjects.filter(({ targets }) => targets.length === 0).map(({ name }) => name);
  const known = knownTargets(subjects);
  const withoutCheck = (list: (names: readonly string[]) => string) => `No check corresponds to ${list(unknown)} of ${tool}`;
  const name = 'Name the checks to ignore in a Mem8 Upgrade comment: -- mem8-upgrade: ignore <check> <reason>';
  if (known.length === 0) {
    return { message: withoutCheck((names) => listedBriefly(names, 1)), details: 'The comment silences nothing.', advice: `${name}.` };
  }
  const place = foreign?.scope === 'start' ? 'up to its end comment' : scope === 'file' ? 'in this file' : 'on the next statement';
  const isAll = known.includes('*');
  const details = [
    isAll ? 'Findings about what stops the upgrade are reported all the same.' : known.length > 3 ? `It silences ${listed(known)}.` : '',
    unknown.length > 0 ? `${withoutCheck(listed)}.` : '',
    'An ignore comment of another tool is not reported when it becomes unused.',
  ];
  return {
    message: `This ${tool} comment silences ${isAll ? 'all findings' : listedBriefly(known)} ${place}`,
    details: details.filter(Boolean).join(' '),
    advice: isConvertible(comment) ? 'Convert it to a Mem8 Upgrade comment, which is reported when it becomes unused.' : `${name}.`,
  };
}

/** False if no single comment of our own silences the same. */
function isConvertible({ subjects, foreign }: IgnoreComment): boolean {
  const targets = knownTargets(subjects);
  return targets.length > 0 && !targets.includes('*') && foreign?.scope !== 'start';
}

/** A comment of our own that silences the same; none if there is no counterpart. */
function fixesOf(comment: IgnoreComment, file: string): Fix[] {
  const { subjects, scope, reason, range, foreign } = comment;
  if (!foreign || !isConvertible(comment)) return [];
  const targets = knownTargets(subjects);
  const origin = `converted from ${foreign.tool}${reason ? `: ${reason}` : ''}`;
  const newText = `-- mem8-upgrade: ${scope === 'file' ? 'ignore-file' : 'ignore'} ${targets.join(', ')} ${origin}`;
  return [{ title: 'Convert it to a Mem8 Upgrade comment', preferred: true, edits: [{ file, range, newText }] }];
}

function knownTargets(subjects: IgnoreComment['subjects']): string[] {
  return [...new Set(subjects.flatMap(({ targets }) => targets))];
}
